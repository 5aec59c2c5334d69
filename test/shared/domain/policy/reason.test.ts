/** The requirements of a rule on a reason. */
import { describe, expect, it } from "vitest";
import { isLongEnough, namesTicket } from "../../../../shared/domain/policy/reason.ts";

describe("The length of a reason", () => {
  it("It counts characters, without the spaces around it", () => {
    expect([isLongEnough("12345", 5), isLongEnough("1234", 5)]).toEqual([true, false]);
    expect([isLongEnough("  1234  ", 5), isLongEnough(" 12345 ", 5)]).toEqual([false, true]);
    expect([isLongEnough("😀😀", 2), isLongEnough("😀", 2)]).toEqual([true, false]);
    expect(isLongEnough("", 0)).toBe(true);
  });
});

describe("The ticket of a reason", () => {
  const TICKET = "^INC-[0-9]+$";

  it.each([
    "INC-1",
    "see INC-1 please",
    "INC-1: stuck rollout",
    "stuck (INC-1)",
    "[INC-1]",
    "https://tickets.example.com/INC-1",
    "https://tickets.example.com/browse?id=INC-1&view=all",
    "either XYZ or\tINC-1.",
  ])("%s names it", (reason) => {
    expect(namesTicket(reason, TICKET)).toBe(true);
  });

  it.each(["", "INC", "INC-", "INC-x", "XINC-1", "INC-1x", "INC-1-2", "inc-1", "INC - 1"])(
    "'%s' does not",
    (reason) => {
      expect(namesTicket(reason, TICKET)).toBe(false);
    },
  );

  it("A ticket whose form has punctuation is found as it was written, and without it", () => {
    expect(namesTicket("see #12 first", "^#[0-9]+$")).toBe(true);
    expect(namesTicket("see (#12)", "^#[0-9]+$")).toBe(false);
    expect(namesTicket("see (PAY/12).", "^PAY/[0-9]+$")).toBe(true);
    expect(namesTicket("see #12 first", "^[0-9]+$")).toBe(true);
  });
});

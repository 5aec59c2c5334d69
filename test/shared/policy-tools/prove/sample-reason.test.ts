import { describe, expect, it } from "vitest";
import { namesTicket } from "../../../../shared/domain/policy/reason.ts";
import { sampleReason, sampleTicket } from "../../../../shared/policy-tools/prove/sample-reason.ts";

describe("A reason that is made up for a rule", () => {
  it.each([
    ["^(PAY|INC)-[0-9]+$", "PAY-1"],
    ["^INC-\\d{4,}$", "INC-1111"],
    ["CHG[0-9]{7}", "CHG1111111"],
    ["^(?:[A-Z]+)-[1-9][0-9]*$", "A-11"],
    ["^[a-z_]+/\\w+#\\d$", "a/a#1"],
    ["a|b", "a"],
  ])("A ticket for %s is %s", (pattern, ticket) => {
    expect(sampleTicket(pattern)).toBe(ticket);
    const reason = sampleReason({ minLength: 60, ticket: pattern }) ?? "";
    expect(reason.length).toBeGreaterThanOrEqual(60);
    expect(namesTicket(reason, pattern)).toBe(true);
  });

  it.each(["^(?=INC)", "(?<!a)b", "^INC-[", "\\p{L}+", "a(?!b)"])(
    "No ticket is made up where %s is not understood",
    (pattern) => {
      expect(sampleTicket(pattern)).toBeUndefined();
    },
  );

  it("Any reason of the least length will do where no ticket is wanted", () => {
    expect(sampleReason({ minLength: 0, ticket: null })).toBe(
      "as a proof of what this policy allows",
    );
    expect(sampleReason({ minLength: 300, ticket: null })?.length).toBeGreaterThanOrEqual(300);
  });
});

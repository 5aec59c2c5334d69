/** The beginning of a request's id, and when such a request can have been made. */
import { describe, expect, it } from "vitest";
import {
  createdBetween,
  isIdPrefix,
  isUuid,
} from "../../../../shared/domain/requests/id-prefix.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const ID = "0190f0d2-1234-7000-8000-00000000000f";
/** The instant in the first 48 bits of the id. */
const MADE = new Date(0x0190f0d21234).toISOString();

describe("The beginning of an id", () => {
  it("Eight characters or more of an id are one", () => {
    for (let length = 0; length <= ID.length; length += 1)
      expect([length, isIdPrefix(ID.slice(0, length))]).toEqual([length, length >= 8]);
  });

  it.each([`${ID}0`, ID.toUpperCase(), "0190f0d21", "0190f0d2 ", "0190f0d2-123g", "-190f0d2"])(
    "%s is not the beginning of one",
    (text) => {
      expect(isIdPrefix(text)).toBe(false);
    },
  );

  it("Only a whole id is an id", () => {
    expect([ID, ID.slice(0, -1), `${ID}0`, `x${ID}`, ID.toUpperCase()].map(isUuid)).toEqual([
      ...[true, false, false, false, false],
    ]);
  });
});

describe("When a request can have been made whose id begins so", () => {
  it("A whole id says the millisecond, and its request was created half a minute before at most", () => {
    const window = { from: plusSeconds(MADE, -30), to: plusSeconds(MADE, 1) };
    expect(createdBetween(ID)).toEqual(window);
    expect(createdBetween(ID.slice(0, 13))).toEqual(window);
  });

  it("Eight characters leave 65,536 milliseconds open", () => {
    const first = new Date(0x0190f0d20000).toISOString();
    const last = new Date(0x0190f0d2ffff).toISOString();
    expect(createdBetween(ID.slice(0, 8))).toEqual({
      from: plusSeconds(first, -30),
      to: plusSeconds(last, 1),
    });
  });
});

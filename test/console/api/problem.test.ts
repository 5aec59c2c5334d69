/** The meaning of an answer without success, for a change. */
import { expect, it } from "vitest";
import { isRefusal, problemOf } from "../../../console/api/problem.ts";

it.each([
  [400, true],
  [401, true],
  [403, true],
  [409, true],
  [429, true],
  [0, false],
  [500, false],
  [502, false],
  [503, false],
])("After the status %s, a change was surely not made: %s", (status, expected) => {
  expect(isRefusal({ status })).toBe(expected);
});

it("An answer that is no problem keeps its status, so nobody takes it for a refusal", () => {
  expect(isRefusal(problemOf(502, "<html>"))).toBe(false);
});

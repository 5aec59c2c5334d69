import { expect, it } from "vitest";
import { landedBy, later, visibleFrom } from "../../../../shared/domain/entries/lag.ts";
import { at, LAG } from "./situations.ts";

it("a change is visible once the read lag and the difference of two clocks have passed", () => {
  expect(visibleFrom(at(0), LAG)).toBe(at(55));
});

it("a call has landed once the longest delay and the difference of two clocks have passed", () => {
  expect(landedBy(at(0), LAG)).toBe(at(310));
});

it("the later of two instants is the one that comes last", () => {
  expect(later(at(1), at(2))).toBe(at(2));
  expect(later(at(2), at(1))).toBe(at(2));
  expect(later(at(1), at(1))).toBe(at(1));
});

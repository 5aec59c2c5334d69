import { expect, it } from "vitest";
import { landedBy, later, visibleFrom } from "../../../../shared/domain/entries/lag.ts";
import { at, LAG } from "./situations.ts";

it("A change is visible after the read lag plus the difference of two clocks", () => {
  expect(visibleFrom(at(0), LAG)).toBe(at(55));
});

it("A call has landed after the longest delay plus the difference of two clocks", () => {
  expect(landedBy(at(0), LAG)).toBe(at(310));
});

it("The later of two instants is the one that comes last", () => {
  expect(later(at(1), at(2))).toBe(at(2));
  expect(later(at(2), at(1))).toBe(at(2));
  expect(later(at(1), at(1))).toBe(at(1));
});

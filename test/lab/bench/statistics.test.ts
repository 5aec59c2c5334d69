import { expect, it } from "vitest";
import { median, rounded } from "../../../lab/bench/statistics.ts";

it.each([
  [[3], 3],
  [[9, 1, 2], 2],
  [[10, 2, 4, 8], 6],
  [[100, 20, 3], 20],
])("the median of %j is %d", (values, middle) => {
  expect(median(values)).toBe(middle);
});

it("there is no median of nothing", () => {
  expect(median([])).toBeNaN();
});

it.each([
  [1234.56, 1235],
  [8.5432, 8.54],
  [99.94, 99.9],
  [0.01234, 0.0123],
])("%d is rounded to %d", (value, expected) => {
  expect(rounded(value)).toBe(expected);
});

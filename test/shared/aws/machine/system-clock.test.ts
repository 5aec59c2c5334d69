import { expect, it } from "vitest";
import { systemClock } from "../../../../shared/aws/machine/system-clock.ts";

it("The machine's clock gives the current time in UTC with milliseconds", () => {
  const before = Date.now();
  const now = systemClock.now();
  expect(now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(Date.parse(now)).toBeGreaterThanOrEqual(before);
  expect(Date.parse(now)).toBeLessThanOrEqual(Date.now());
});

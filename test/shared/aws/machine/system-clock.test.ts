import { expect, it } from "vitest";
import { systemClock } from "../../../../shared/aws/machine/system-clock.ts";

it("the machine's clock gives the present instant in UTC, with milliseconds", () => {
  const before = Date.now();
  const now = systemClock.now();
  expect(now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(Date.parse(now)).toBeGreaterThanOrEqual(before);
  expect(Date.parse(now)).toBeLessThanOrEqual(Date.now());
});

import { expect, it } from "vitest";
import { usefulUntil } from "../../../../shared/domain/requests/useful-until.ts";

const TIMES = { marginSeconds: 120, tooLateSeconds: 90, granularitySeconds: 60 };
const START = "2026-11-24T10:00:00.000Z";

it("A request with a start is decided while more of its time remains than its end takes", () => {
  expect(usefulUntil(START, 3_600, TIMES)).toBe("2026-11-24T10:55:30.000Z");
  for (const name of ["marginSeconds", "tooLateSeconds", "granularitySeconds"] as const)
    expect(usefulUntil(START, 3_600, { ...TIMES, [name]: TIMES[name] + 1 })).toBe(
      "2026-11-24T10:55:29.000Z",
    );
});

it("A short one is decided by its start, and one that starts on approval at any time", () => {
  expect(usefulUntil(START, 270, TIMES)).toBe(START);
  expect(usefulUntil(START, 60, TIMES)).toBe(START);
  expect(usefulUntil(null, 3_600, TIMES)).toBeNull();
});

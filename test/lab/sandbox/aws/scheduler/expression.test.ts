import { describe, expect, test } from "vitest";
import {
  atInstant,
  checkTimezone,
  parseExpression,
  rateOccurrence,
} from "../../../../../lab/sandbox/aws/scheduler/expression.ts";

function instant(text: string, timezone: string): string | null {
  const expression = parseExpression(text);
  if (expression.kind !== "at") throw new Error("not an at()");
  const at = atInstant(expression, timezone);
  return at === null ? null : new Date(at).toISOString();
}

describe("at()", () => {
  test.each([
    ["at(2026-11-24T10:00:00)", "UTC", "2026-11-24T10:00:00.000Z"],
    ["at(2026-11-24T10:00:30)", "America/Los_Angeles", "2026-11-24T18:00:30.000Z"],
    ["at(2026-07-01T00:15:00)", "Asia/Kathmandu", "2026-06-30T18:30:00.000Z"],
    ["at(2026-10-25T02:30:00)", "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
    ["at(2026-03-29T03:30:00)", "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
    ["at(2026-12-31T12:00:00)", "Pacific/Kiritimati", "2026-12-30T22:00:00.000Z"],
  ])("The expression %s in %s means %s", (text, timezone, expected) => {
    expect(instant(text, timezone)).toBe(expected);
  });

  test("A local time that daylight saving skips has no instant", () => {
    expect(instant("at(2026-03-29T02:30:00)", "Europe/Berlin")).toBeNull();
  });
});

test.each([
  "at(2021-12-31T23:59:59Z)",
  "at(2021-12-31)",
  "at(2026-02-30T00:00:00)",
  "at(2026-01-01T24:00:00)",
  "at( 2026-01-01T00:00:00)",
  "rate(0 minutes)",
  "rate(5 seconds)",
  "rate(5minutes)",
  "tomorrow",
])("The text %s is no schedule expression", (text) => {
  expect(() => parseExpression(text)).toThrow(
    expect.objectContaining({
      code: "ValidationException",
      status: 400,
      message: `Invalid Schedule Expression ${text}.`,
    }),
  );
});

test("A cron() expression is refused by name", () => {
  expect(() => parseExpression("cron(0 10 * * ? *)")).toThrow("cron() is not emulated");
});

test.each(["Mars/Olympus", "+01:00", "bogus"])("The text %s is no time zone", (timezone) => {
  expect(() => checkTimezone(timezone)).toThrow(timezone);
});

test("A rate recurs from its start in whole periods, until its end", () => {
  const expression = parseExpression("rate(5 minutes)");
  if (expression.kind !== "rate") throw new Error("not a rate()");
  const bounds = { start: 1_000, end: 601_000 };
  expect(rateOccurrence(expression, bounds, 0)).toBe(1_000);
  expect(rateOccurrence(expression, bounds, 1_000)).toBe(1_000);
  expect(rateOccurrence(expression, bounds, 1_001)).toBe(301_000);
  expect(rateOccurrence(expression, bounds, 601_000)).toBe(601_000);
  expect(rateOccurrence(expression, bounds, 601_001)).toBeNull();
});

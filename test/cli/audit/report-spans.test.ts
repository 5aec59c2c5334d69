import { describe, expect, it } from "vitest";
import { spansOf } from "../../../cli/audit/report-spans.ts";

const period = (from: string, to: string) => ({
  from: `${from}T00:00:00.000Z`,
  to: `${to}T00:00:00.000Z`,
});

describe("The spans of a chart", () => {
  it.each([
    ["a day", "2026-10-05", "2026-10-06", "day", 1],
    ["a month", "2026-10-01", "2026-11-01", "day", 31],
    ["a quarter", "2026-10-01", "2027-01-01", "week", 14],
    ["half a year", "2026-07-01", "2027-01-01", "week", 27],
    ["a year", "2026-01-01", "2027-01-01", "month", 12],
  ])("A chart of %s has its period without gaps", (_what, from, to, unit, count) => {
    const found = spansOf(period(from, to));
    expect([found.unit, found.spans.length]).toEqual([unit, count]);
    for (const [at, span] of found.spans.entries())
      expect(span.from).toBe(at === 0 ? period(from, to).from : found.spans[at - 1]?.to);
    expect(String(found.spans.at(-1)?.to) >= period(from, to).to).toBe(true);
  });

  it("A chart begins with the whole day or month in which its period begins", () => {
    const from = "2026-10-05T13:00:00.000Z";
    expect(spansOf({ from, to: "2026-10-07T00:00:00.000Z" }).spans[0]?.label).toBe("10-05");
    expect(spansOf({ from, to: "2028-10-07T00:00:00.000Z" }).spans[0]).toMatchObject({
      label: "2026-10",
      from: "2026-10-01T00:00:00.000Z",
    });
  });
});

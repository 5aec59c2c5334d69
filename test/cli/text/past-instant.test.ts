import { describe, expect, it } from "vitest";
import { pastInstant } from "../../../cli/text/past-instant.ts";
import { fullTime } from "../../../cli/text/time-text.ts";

const NOW = "2026-11-24T10:05:30.000Z";

describe("An instant in the past", () => {
  const at = (text: string) => pastInstant("--at", text, NOW, (what) => new Error(what));
  const clock = (instant: string) => new Date(instant).toString().slice(16, 24);
  const daysBefore = (instant: string) =>
    Math.round((new Date(NOW).setHours(12) - new Date(instant).setHours(12)) / 86_400_000);

  it.each([
    ["yesterday 15:33", "15:33:00", 1],
    ["today 0:00", "00:00:00", 0],
  ])("%s is a time of this machine's clock", (text, shown, days) => {
    expect(clock(at(text))).toBe(shown);
    expect(daysBefore(at(text))).toBe(days);
  });

  it("A time without a day is the last one that this machine's clock showed", () => {
    for (let minute = 0; minute < 24 * 60; minute += 67) {
      const text = `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
      const away = Date.parse(NOW) - Date.parse(at(text));
      expect(away >= 0 && away < 86_400_000).toBe(true);
      expect(clock(at(text))).toBe(`${text.padStart(5, "0")}:00`);
    }
  });

  it.each([
    ["2026-11-01 15:33", new Date(2026, 10, 1, 15, 33).toISOString()],
    ["2026-11-01 15:33:20", new Date(2026, 10, 1, 15, 33, 20).toISOString()],
    ["2026-11-01 15:33:20 UTC", "2026-11-01T15:33:20.000Z"],
    ["10:05:29 UTC", "2026-11-24T10:05:29.000Z"],
    ["10:06 UTC", "2026-11-23T10:06:00.000Z"],
    ["yesterday 23:59 UTC", "2026-11-23T23:59:00.000Z"],
    ["90m", "2026-11-24T08:35:30.000Z"],
    ["90m ago", "2026-11-24T08:35:30.000Z"],
    ["7d ago", "2026-11-17T10:05:30.000Z"],
    ["2026-11-01T02:00+01:00", "2026-11-01T01:00:00.000Z"],
  ])("%s is %s", (text, instant) => {
    expect(at(text)).toBe(instant);
  });

  it("An instant is read back as Timelatch prints it", () => {
    for (const instant of ["2026-07-01T12:30:07.000Z", "2026-11-23T23:30:00.000Z"])
      expect(at(fullTime(instant))).toBe(instant);
  });

  it.each([
    "friday",
    "25:00",
    "10:05:60",
    "10:05 XST",
    "2026-02-30 10:05 UTC x",
    "tomorrow 15:33",
    "yesterday ago",
    "2026-13-01 15:33",
    "constructor 15:33",
  ])("%j is no instant", (text) => {
    expect(() => at(text)).toThrow("is neither a time in this machine's zone or UTC");
  });

  it("One to come is refused", () => {
    expect(() => at("2026-11-24T10:06Z")).toThrow("is to come");
  });
});

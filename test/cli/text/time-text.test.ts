import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  awayText,
  everywhere,
  fullTime,
  leftText,
  parseMoment,
  shortTime,
  spanText,
  utcTime,
} from "../../../cli/text/time-text.ts";
import { parseInstant } from "../../../shared/domain/values/zoned-instant.ts";

beforeEach(() => {
  vi.stubEnv("TZ", "America/Los_Angeles");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const NOW = "2026-11-24T18:00:00.000Z";

describe("instants for people", () => {
  it("Instants for people are in the local zone, which is named", () => {
    expect(fullTime("2026-11-24T18:42:07.900Z")).toBe("2026-11-24 10:42:07 PST");
    expect(fullTime("2026-07-01T07:00:00.000Z")).toBe("2026-07-01 00:00 PDT");
    vi.stubEnv("TZ", "UTC");
    expect(fullTime(NOW)).toBe("2026-11-24 18:00 UTC");
  });

  it("An instant is said in UTC besides, unless that is the local zone", () => {
    expect(everywhere(NOW)).toBe("2026-11-24 10:00 PST, 2026-11-24 18:00 UTC");
    vi.stubEnv("TZ", "UTC");
    expect(everywhere(NOW)).toBe("2026-11-24 18:00 UTC");
  });

  it("Instants for people leave out today's date and this year, in the reader's zone", () => {
    expect(shortTime("2026-11-25T01:00:00.000Z", NOW)).toBe("17:00 PST");
    expect(shortTime("2026-11-25T10:00:00.000Z", NOW)).toBe("11-25 02:00 PST");
    expect(shortTime("2027-01-02T10:00:00.000Z", NOW)).toBe("2027-01-02 02:00 PST");
  });

  it("Instants for logs are in UTC", () => {
    expect(utcTime("2026-11-24T18:42:07.900Z")).toBe("2026-11-24 18:42:07 UTC");
    expect(utcTime(NOW)).toBe("2026-11-24 18:00 UTC");
  });

  it.each([
    [0, "0s"],
    [23.9, "23s"],
    [570, "9m30s"],
    [630, "10m"],
    [2_579, "42m"],
    [3_900, "1h5m"],
    [86_400 * 2 + 3_600 * 3 + 59 * 60, "2d3h"],
  ])("A span of %d seconds is shown as %s, never more than there are", (seconds, text) => {
    expect(spanText(seconds)).toBe(text);
  });

  it("Instants for people say how far away they are, in the past and in the future", () => {
    expect(awayText("2026-11-24T18:42:00.000Z", NOW)).toBe("in 42m");
    expect(awayText("2026-11-24T17:57:00.000Z", NOW)).toBe("3m ago");
  });

  it("An end says how much is left, or how long ago it was", () => {
    expect(leftText("18:42 UTC", "2026-11-24T18:42:00.000Z", NOW)).toBe("18:42 UTC (42m left)");
    expect(leftText("17:57 UTC", "2026-11-24T17:57:00.000Z", NOW)).toBe("17:57 UTC (3m ago)");
  });
});

describe("instants from people", () => {
  it.each([
    ["2026-11-24T22:00-08:00", "2026-11-25T06:00:00.000Z"],
    ["2026-11-24T22:00:01.5Z", "2026-11-24T22:00:01.500Z"],
  ])("An instant from a person is read: %s", (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  it.each([
    "2026-11-24T22:00",
    "2026-11-24",
    "2026-02-30T00:00Z",
    "2026-11-24T25:00Z",
    "soon",
    "1",
  ])("An instant from a person is refused: %s", (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it("A day from a person is read as its first moment in UTC where a day is accepted", () => {
    expect(parseMoment("2026-10-01")).toBe("2026-10-01T00:00:00.000Z");
    expect(parseMoment("2026-10-32")).toBeUndefined();
  });
});

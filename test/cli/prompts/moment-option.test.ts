import { describe, expect, it } from "vitest";
import { Failure } from "../../../cli/failures/failure.ts";
import { pastMoment, spokenStart } from "../../../cli/prompts/moment-option.ts";

const NOW = "2026-11-24T10:05:30.000Z";
const usage = (what: string) =>
  new Failure("usage", "usage", { what, notDone: "Nothing was sent.", next: ["Next: try again."] });

describe("A moment in the past", () => {
  it.each([
    ["7d", "2026-11-17T10:05:30.000Z"],
    ["12h", "2026-11-23T22:05:30.000Z"],
    ["90m", "2026-11-24T08:35:30.000Z"],
    ["2w", "2026-11-10T10:05:30.000Z"],
    ["today", "2026-11-24T00:00:00.000Z"],
    ["yesterday", "2026-11-23T00:00:00.000Z"],
    ["2026-11-01", "2026-11-01T00:00:00.000Z"],
    ["2026-11-01T02:00+01:00", "2026-11-01T01:00:00.000Z"],
  ])("%s is %s", (text, moment) => {
    expect(pastMoment("--since", text, NOW, usage)).toBe(moment);
  });

  it.each(["friday", "7", "-7d", "7y", "99999d", "constructor", ""])("%j is no moment", (text) => {
    expect(() => pastMoment("--since", text, NOW, usage)).toThrow("is neither a time ago");
  });
});

describe("A start", () => {
  it.each([
    ["+2h", "2026-11-24T12:05:30.000Z"],
    ["+30m", "2026-11-24T10:35:30.000Z"],
    ["+1d", "2026-11-25T10:05:30.000Z"],
  ])("%s is %s", (text, instant) => {
    expect(spokenStart(text, NOW)).toBe(instant);
  });

  it("A time of the day is the next one that this machine's clock shows", () => {
    const shown = (instant: string) => {
      const date = new Date(instant);
      return [date.getHours(), date.getMinutes(), date.getSeconds()];
    };
    const day = 86_400_000;
    for (let minute = 0; minute < 24 * 60; minute += 7) {
      const [hour, rest] = [Math.floor(minute / 60), minute % 60];
      const start = spokenStart(`${hour}:${String(rest).padStart(2, "0")}`, NOW);
      expect(shown(start)).toEqual([hour, rest, 0]);
      const away = Date.parse(start) - Date.parse(NOW);
      expect(away > 0 && away <= day).toBe(true);
    }
  });

  it.each(["24:00", "7pm", "22", "+2", "+2y", "2026-11-24T22:00-08:00", "tomorrow"])(
    "%s is left to whoever reads instants",
    (text) => {
      expect(spokenStart(text, NOW)).toBe(text);
    },
  );
});

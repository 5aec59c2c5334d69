import { describe, expect, it } from "vitest";
import { Failure } from "../../../cli/failures/failure.ts";
import { pastMoment } from "../../../cli/prompts/moment-option.ts";

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

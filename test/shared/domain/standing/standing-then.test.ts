import { describe, expect, it } from "vitest";
import {
  beginPass,
  completePass,
  noRecord,
  withSetup,
} from "../../../../shared/domain/standing/standing-record.ts";
import { standingThen } from "../../../../shared/domain/standing/standing-then.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const SINCE = "2026-11-24T10:00:00.000Z";
const second = (seconds: number) => plusSeconds(SINCE, seconds);
const BEGUN = beginPass(noRecord("arn", SINCE), "p", SINCE);
const READ = BEGUN.reading ? completePass(BEGUN, BEGUN.reading, second(60)) : BEGUN;
const pass = READ.complete ?? undefined;
const cluster = { authenticationMode: "API", version: "1.34", auditLog: true } as const;

describe("Standing access at an instant of the past", () => {
  it.each([
    ["before anybody meant to read the cluster", -1, "not-read"],
    ["while it was read for the first time", 59, "not-kept"],
    ["when the reading was whole", 60, null],
    ["within twelve hours of it", 60 + 43_199, null],
    ["from twelve hours after it", 60 + 43_200, "too-old"],
  ] as const)("%s: %d s, %s", (_, seconds, unknown) => {
    const then = standingThen(READ, pass, second(seconds));
    expect(then.unknown).toBe(unknown);
    expect(then.pass).toBe(seconds >= 60 ? pass : null);
  });

  it("Without a reading that is kept, nobody knows", () => {
    expect(standingThen(undefined, undefined, SINCE).unknown).toBe("not-read");
    expect(standingThen(READ, undefined, second(90))).toEqual({ pass: null, unknown: "not-kept" });
  });

  it("A reading of the cluster of today says nothing of another one that had its name", () => {
    const made = withSetup(READ, { cluster: { ...cluster, createdAt: second(70) }, readAt: SINCE });
    expect(standingThen(made, pass, second(69)).unknown).toBe("another-cluster");
    expect(standingThen(made, pass, second(70)).unknown).toBeNull();
  });
});

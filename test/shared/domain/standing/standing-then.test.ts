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
const NOW = "2026-11-26T10:00:00.000Z";
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
    const then = standingThen(READ, second(seconds), NOW);
    expect(then.unknown).toBe(unknown);
    expect(then.pass).toBe(seconds >= 60 ? pass : null);
  });

  it("Without a reading that is kept, nobody knows", () => {
    expect(standingThen(undefined, SINCE, NOW).unknown).toBe("not-read");
    const notKept = { pass: null, following: null, unknown: "not-kept" };
    expect(standingThen(BEGUN, second(90), NOW)).toEqual(notKept);
    const week = second(7 * 86_400);
    expect(standingThen(READ, second(90), week)).toEqual(notKept);
  });

  it("A reading whose list is gone from the table is in the archive, from the first that is on record", () => {
    const week = second(7 * 86_400);
    const unknownAt = (seconds: number) =>
      standingThen({ ...READ, keptSince: second(60) }, second(seconds), week).unknown;
    expect([59, 60, 600].map(unknownAt)).toEqual(["not-kept", "archived", "archived"]);
  });

  it("The reading after it is named, once there is one", () => {
    const again = beginPass(READ, "q", second(100));
    const twice = again.reading ? completePass(again, again.reading, second(160)) : again;
    const following = (seconds: number) =>
      standingThen(twice, second(seconds), NOW).following?.passId;
    expect([60, 159, 160].map(following)).toEqual(["q", "q", undefined]);
  });

  it("It is that of the last reading before, also where the cluster was read again since", () => {
    const again = beginPass(READ, "q", second(100));
    const twice = again.reading ? completePass(again, again.reading, second(160)) : again;
    const read = (seconds: number) => standingThen(twice, second(seconds), NOW).pass?.passId;
    expect([59, 60, 159, 160].map(read)).toEqual([undefined, "p", "p", "q"]);
  });

  it("A reading of the cluster of today says nothing of another one that had its name", () => {
    const made = withSetup(READ, { cluster: { ...cluster, createdAt: second(70) }, readAt: SINCE });
    expect(standingThen(made, second(69), NOW).unknown).toBe("another-cluster");
    expect(standingThen(made, second(70), NOW).unknown).toBeNull();
  });
});

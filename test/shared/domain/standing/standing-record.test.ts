import { describe, expect, it } from "vitest";
import { PROD, T0 } from "../../../../lab/fakes/builders.ts";
import type { ClusterSetup } from "../../../../shared/domain/standing/cluster-setup.ts";
import {
  afterEntry,
  afterFailure,
  ageOf,
  beginPass,
  completePass,
  isDue,
  KEPT_SECONDS,
  keptPasses,
  noRecord,
  type StandingRecord,
  shownPass,
  withSetup,
} from "../../../../shared/domain/standing/standing-record.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const secondsOn = (seconds: number) => plusSeconds(T0, seconds);
const EVERY = 21_600;
const SETUP: ClusterSetup = {
  createdAt: "2026-11-01T00:00:00.000Z",
  authenticationMode: "API",
  version: "1.34",
  auditLog: true,
};

/** A pass that began at T0 and ended a minute later. */
function whole(): StandingRecord {
  const begun = beginPass(noRecord(PROD.arn, T0), "pass-1", T0);
  if (!begun.reading) throw new Error("No pass was begun.");
  return completePass(begun, begun.reading, secondsOn(60));
}

describe("When a cluster is read", () => {
  it("A cluster that was never read is due, and so is one in the middle of a pass", () => {
    expect(isDue(noRecord(PROD.arn, T0), EVERY, T0)).toBe(true);
    expect(isDue(beginPass(whole(), "pass-2", secondsOn(1)), EVERY, secondsOn(2))).toBe(true);
  });

  it("A cluster is due again one period after the start of its last pass", () => {
    expect(isDue(whole(), EVERY, secondsOn(EVERY - 1))).toBe(false);
    expect(isDue(whole(), EVERY, secondsOn(EVERY))).toBe(true);
  });

  it("After each failure in a row the pause doubles, up to an hour", () => {
    let record = noRecord(PROD.arn, T0);
    for (const pause of [300, 600, 1_200, 2_400, 3_600, 3_600]) {
      record = afterFailure(record, "ThrottlingException", T0);
      expect(isDue(record, EVERY, secondsOn(pause - 1))).toBe(false);
      expect(isDue(record, EVERY, secondsOn(pause))).toBe(true);
    }
  });

  it("A complete pass ends the pauses", () => {
    const failed = afterFailure(beginPass(whole(), "pass-2", T0), "X", T0);
    if (!failed.reading) throw new Error("The pass is gone.");
    expect(completePass(failed, failed.reading, T0).failure).toBeNull();
  });
});

describe("Readings that are kept", () => {
  const readAgain = (record: StandingRecord, at: string) => {
    const begun = beginPass(record, `pass-${at}`, at);
    if (!begun.reading) throw new Error("No pass was begun.");
    return completePass(begun, begun.reading, plusSeconds(at, 60));
  };

  it("Each complete pass of a week stays in the record, the oldest first", () => {
    const [second, third] = [secondsOn(EVERY), secondsOn(2 * EVERY)];
    const record = readAgain(readAgain(whole(), second), third);
    const ids = (now: string) => keptPasses(record, now).map(({ passId }) => passId);
    expect(ids(third)).toEqual(["pass-1", `pass-${second}`, `pass-${third}`]);
    expect(ids(secondsOn(KEPT_SECONDS))).toEqual([`pass-${second}`, `pass-${third}`]);
    expect(readAgain(record, secondsOn(2 * KEPT_SECONDS))).not.toHaveProperty("earlier");
  });

  it("Where a cluster is read very often, the latest of them stay", () => {
    let record = whole();
    for (let count = 1; count < 100; count += 1) record = readAgain(record, secondsOn(count * 60));
    const passes = keptPasses(record, secondsOn(6_000));
    expect(passes).toHaveLength(33);
    expect(passes.at(-1)?.startedAt).toBe(secondsOn(99 * 60));
  });

  it("Another cluster of the same name has no earlier reading", () => {
    const twice = readAgain(whole(), secondsOn(EVERY));
    const first = withSetup(twice, { cluster: SETUP, readAt: T0 });
    const other = { ...SETUP, createdAt: "2026-11-20T00:00:00.000Z" };
    const made = withSetup(first, { cluster: other, readAt: T0 });
    expect(keptPasses(first, T0)).toHaveLength(2);
    expect(keptPasses(made, T0)).toEqual([]);
  });
});

describe("The shown records", () => {
  it("Nothing is shown before a pass is complete, nor a week after its start", () => {
    expect(shownPass(noRecord(PROD.arn, T0), T0)).toBeUndefined();
    expect(shownPass(whole(), secondsOn(KEPT_SECONDS - 1))).toMatchObject({ passId: "pass-1" });
    expect(shownPass(whole(), secondsOn(KEPT_SECONDS))).toBeUndefined();
  });

  it("The last complete pass is shown while the next is under way", () => {
    expect(shownPass(beginPass(whole(), "pass-2", secondsOn(100)), secondsOn(101))).toMatchObject({
      passId: "pass-1",
    });
  });

  it("A reading of an earlier cluster of the same name is dropped", () => {
    const described = withSetup(whole(), { cluster: SETUP, readAt: T0 });
    expect(withSetup(described, { cluster: SETUP, readAt: secondsOn(1) }).complete).not.toBeNull();
    const recreated = { ...SETUP, createdAt: "2026-11-20T00:00:00.000Z" };
    for (const cluster of [recreated, null])
      expect(withSetup(described, { cluster, readAt: secondsOn(1) })).toMatchObject({
        setup: { cluster, readAt: secondsOn(1) },
        complete: null,
        reading: null,
      });
    const rounded = { ...SETUP, createdAt: "2026-11-01T00:00:00.999Z" };
    expect(withSetup(described, { cluster: rounded, readAt: T0 }).complete).not.toBeNull();
  });
});

it("A cluster is as old as its last pass, or as the first wish to read it", () => {
  expect(ageOf(whole(), secondsOn(100))).toBe(100);
  expect(ageOf(noRecord(PROD.arn, T0), secondsOn(50))).toBe(50);
});

it("A pass counts the entries that it read, and among them those that grants explain", () => {
  const { reading } = beginPass(noRecord(PROD.arn, T0), "pass-1", T0);
  if (!reading) throw new Error("No pass was begun.");
  const found = [
    ["a", "standing"],
    ["b", "explained"],
    ["c", "gone"],
  ] as const;
  const after = found.reduce((sum, [arn, what]) => afterEntry(sum, arn, what), reading);
  expect(after).toEqual({ ...reading, done: ["a", "b", "c"], read: 2, explained: 1 });
});

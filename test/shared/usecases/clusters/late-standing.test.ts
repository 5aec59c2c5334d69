import { describe, expect, it } from "vitest";
import { aPolicy, PROD, STAGING } from "../../../../lab/fakes/builders.ts";
import {
  noRecord,
  type StandingRecord,
} from "../../../../shared/domain/standing/standing-record.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { countLateStanding } from "../../../../shared/usecases/clusters/late-standing.ts";

const SIX_HOURS = 21_600;
const T0 = "2026-11-24T10:00:00.000Z";

/** The count of a sweep this number of seconds after the readings should have begun. */
function counted(
  seconds: number,
  stored: readonly StandingRecord[] = [noRecord(PROD.arn, T0), noRecord(STAGING.arn, T0)],
) {
  return countLateStanding({
    policy: aPolicy(),
    clock: { now: () => plusSeconds(T0, seconds) },
    settings: { standingEverySeconds: SIX_HOURS, sweepPeriodSeconds: 60 },
    standing: { load: async (arn) => stored.find(({ clusterArn }) => clusterArn === arn) },
  });
}

describe("How many lists of standing access are too old", () => {
  it("A list is too old two periods after its last complete reading began, or should have", async () => {
    expect(await counted(2 * SIX_HOURS)).toBe(0);
    expect(await counted(2 * SIX_HOURS + 300)).toBe(2);
  });

  it("One list of two may be too old", async () => {
    const young = noRecord(STAGING.arn, plusSeconds(T0, SIX_HOURS));
    expect(await counted(2 * SIX_HOURS + 300, [noRecord(PROD.arn, T0), young])).toBe(1);
  });

  it("A cluster that nobody ever meant to read counts: standing does not run", async () => {
    expect(await counted(0, [noRecord(PROD.arn, T0)])).toBe(1);
  });

  it("One sweep in five minutes looks, in whichever second of its minute it runs", async () => {
    const late = 2 * SIX_HOURS + 300;
    const looks = await Promise.all(
      [0, 59, 60, 119, 120, 240, 299, 300, 359].map((after) => counted(late + after)),
    );
    expect(looks).toEqual([2, 2, 0, 0, 0, 0, 0, 2, 2]);
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import { PROD, STAGING, T0 } from "../../lab/fakes/builders.ts";
import type { ReadingDetails } from "../../shared/domain/standing/reading.ts";
import {
  type ReadingRecord,
  readingVerifier,
} from "../../shared/domain/standing/reading-record.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { AuditRecords } from "../../shared/ports/audit-records.ts";
import type { ReadingStore } from "../../shared/ports/reading-store.ts";

/** The reading of this number: one each six hours, a minute long. */
export const aReading = (number: number, changes: Partial<ReadingDetails> = {}): ReadingDetails => {
  const startedAt = plusSeconds(T0, number * 21_600);
  return {
    passId: `pass-${number}`,
    startedAt,
    completedAt: plusSeconds(startedAt, 60),
    read: 3,
    explained: 1,
    cluster: { createdAt: T0, authenticationMode: "API", version: "1.34", auditLog: true },
    content: "a".repeat(64),
    readAfter: [1_000, 2_000],
    ...changes,
  };
};

interface Made {
  readonly store: ReadingStore;
  readonly records: Pick<AuditRecords, "find">;
}

/** The promises of every ReadingStore. `make` returns an empty one, and what reads its records. */
export function readingStoreContract(name: string, make: () => Promise<Made>) {
  describe(`${name} as a ReadingStore`, () => {
    let made: Made;
    beforeEach(async () => {
      made = await make();
    });
    const recordOf = async (arn: string, seq: number) =>
      (await made.records.find(`STANDING#${arn}`, seq))?.record as ReadingRecord | undefined;

    it("Readings of a cluster are one chain that holds, dated when they were complete", async () => {
      for (const number of [1, 2, 3]) await made.store.keep(PROD.arn, aReading(number));
      const verifier = readingVerifier();
      for (const seq of [1, 2, 3]) {
        const record = await recordOf(PROD.arn, seq);
        expect(record).toMatchObject({ type: "reading", at: aReading(seq).completedAt });
        expect(record?.details).toEqual(aReading(seq));
        expect(record && verifier.add(record)).toBeUndefined();
      }
      expect(verifier.end()).toEqual([]);
      expect(await recordOf(PROD.arn, 4)).toBeUndefined();
    });

    it("Each cluster has a chain of its own", async () => {
      await made.store.keep(PROD.arn, aReading(1));
      await made.store.keep(STAGING.arn, aReading(2));
      expect((await recordOf(STAGING.arn, 1))?.details.passId).toBe("pass-2");
    });

    it("The same pass again is on record once, at the time of the first", async () => {
      await made.store.keep(PROD.arn, aReading(1));
      const later = plusSeconds(aReading(1).completedAt, 300);
      const kept = await made.store.keep(PROD.arn, aReading(1, { completedAt: later }));
      expect(kept).toEqual(aReading(1));
      expect(await recordOf(PROD.arn, 2)).toBeUndefined();
    });
  });
}

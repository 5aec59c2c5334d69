import { contentHash, contentOf, readAfterOf } from "../../domain/standing/reading.ts";
import type { StandingRecord } from "../../domain/standing/standing-record.ts";
import type { StandingPorts } from "../../ports/function-ports.ts";

/**
 * Puts a reading that is complete on record, before anybody is shown that it is. A run that ends in between does so
 * again, and the record stays.
 *
 * @param record with the pass that is complete
 * @returns the same with the hash of what was found, and with the times on record
 */
export async function keepReading(
  { store, readings }: Pick<StandingPorts, "store" | "readings">,
  record: StandingRecord,
): Promise<StandingRecord> {
  const { clusterArn, complete, setup, keptSince } = record;
  if (!complete) return record;
  const { passId, startedAt, completedAt, read, explained } = complete;
  const found = await contentOf(store.all(clusterArn, passId));
  const kept = await readings.keep(clusterArn, {
    passId,
    startedAt,
    completedAt,
    read,
    explained,
    cluster: setup?.cluster ?? null,
    content: found ? contentHash(found.lines) : null,
    readAfter: found ? readAfterOf(found, startedAt) : [],
  });
  return {
    ...record,
    complete: { ...complete, completedAt: kept.completedAt, content: kept.content },
    keptSince: keptSince ?? kept.completedAt,
  };
}

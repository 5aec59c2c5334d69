import { MOST_EVENTS, type OnRecord, onRecord } from "../../domain/requests/on-record.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { Pass } from "./pass.ts";
import { liveIn, snapshotOf } from "./snapshot.ts";

/** By id of a grant, what its history says of its record. */
export type Histories = ReadonlyMap<string, OnRecord>;

/**
 * Reads the histories of the live grants. Called only where nothing is over, or after the removal, so no
 * removal waits for it.
 *
 * @returns undefined where a history cannot be read now, so nothing is added
 */
export async function lookUpRecords(pass: Pass): Promise<Histories | undefined> {
  const { binding, run } = pass;
  try {
    return new Map(
      await Promise.all(
        liveIn(snapshotOf(pass)).map(
          async (grant) => [grant.id, await judged(pass, grant)] as const,
        ),
      ),
    );
  } catch (error) {
    run.log("histories not read", { binding, error: error instanceof Error ? error.name : "" });
    return undefined;
  }
}

/** An end that was noted counts whatever the history says. Of grants that have begun, the pass knows it already. */
async function judged({ ports, held }: Pass, grant: AccessRequest): Promise<OnRecord> {
  const { requests } = ports;
  const hasBegun = Object.hasOwn(held.current.begun, grant.id);
  const [isNoted, { items }] = await Promise.all([
    hasBegun ? false : requests.isEndNoted(grant.id),
    grant.version > MOST_EVENTS
      ? { items: [] }
      : requests.historyPage(grant.id, { limit: MOST_EVENTS + 1 }),
  ]);
  return isNoted ? "over" : onRecord(grant, items);
}

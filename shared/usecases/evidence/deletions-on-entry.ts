/** The calls of ours that deleted an access entry, by what is on record of the grants on it. */

import type { EntryDeletion } from "../../domain/evidence/calls/taken-with-entry.ts";
import type { EvidenceRecord } from "../../domain/evidence/evidence-record.ts";
import { callsIn } from "../../domain/requests/audit-event.ts";
import type { CorrelatePorts } from "../../ports/function-ports.ts";
import { type GrantOnEntry, overFrom } from "./grants-on-entry.ts";

/**
 * For each grant whose access may have been on the entry at an instant or later, the time from
 * which it was over.
 */
export const endsAt = (all: readonly GrantOnEntry[], at: string): readonly (string | null)[] =>
  openAt(all, at).map(overFromOf);

/**
 * The calls that deleted the entry. A grant's history has those that were stored. Its evidence has
 * those that only CloudTrail shows: a fuse's, and one whose record was lost. It is read only for a
 * grant that may have lost its access since `at`, so seldom.
 *
 * @param until what is deleted from then on does not count. ISO 8601 UTC.
 */
export async function deletionsOn(
  { evidence }: Pick<CorrelatePorts, "evidence">,
  all: readonly GrantOnEntry[],
  at: string,
  until: string,
): Promise<readonly EntryDeletion[]> {
  const over = openAt(all, at).filter((each) => (overFromOf(each) ?? until) < until);
  const records = over.map(async ({ grant: { id } }) => await evidence.evidenceOf(id));
  const called = all.map((each) => deletionsIn(evidence, each));
  // Both at once: a failure that nobody waits for yet would end the process.
  const [calls, stored] = await Promise.all([Promise.all(called), Promise.all(records)]);
  return [...calls.flat(), ...stored.flat().flatMap(explained)];
}

const openAt = (all: readonly GrantOnEntry[], at: string): readonly GrantOnEntry[] =>
  all.filter(
    ({ grant: { approvedAt, endedAt } }) =>
      approvedAt !== null && (endedAt === null || endedAt >= at),
  );

const overFromOf = ({ grant, history, intendedAt }: GrantOnEntry): string | null =>
  overFrom(grant, history, intendedAt !== null);

const DELETES = "DeleteAccessEntry";

/** The deletions of a history. Functions that face people can write it, so a call counts only as converge stored it. */
async function deletionsIn(
  evidence: CorrelatePorts["evidence"],
  { grant: { id, cluster, principalArn }, history }: GrantOnEntry,
): Promise<readonly EntryDeletion[]> {
  const named = history.flatMap(callsIn).filter(({ operation }) => operation === DELETES);
  const ids = new Set(named.flatMap(({ requestId }) => requestId ?? []).slice(0, MOST_DELETIONS));
  const stored = await Promise.all([...ids].map((requestId) => evidence.call(requestId)));
  return stored.flatMap((call) => {
    const isHere = call?.clusterArn === cluster.arn && call.principalArn === principalArn;
    if (!call || !isHere || call.operation !== DELETES || call.result !== "ok") return [];
    const { eksRequestId, sessionName, at } = call;
    return [{ eksRequestId, sessionName, at, requestIds: [id] }];
  });
}

/** The most deletions of one history that are read. Converge needs one, and a few where others made the entry again. */
const MOST_DELETIONS = 100;

function explained({ type, details, requestId }: EvidenceRecord): readonly EntryDeletion[] {
  if (type !== "explained") return [];
  const { operation, errorCode, eksRequestId, caller, eventTime: at } = details.event;
  if (operation !== DELETES || errorCode !== null) return [];
  return [{ eksRequestId, sessionName: caller.sessionName, at, requestIds: [requestId] }];
}

import { MOST_EVENTS, type OnRecord, onRecord } from "../../domain/requests/on-record.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { entitlementsIn, type Pass } from "./pass.ts";

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
        liveIn(pass).map(async (grant) => [grant.id, await judged(pass, grant)] as const),
      ),
    );
  } catch (error) {
    run.log("histories not read", { binding, error: error instanceof Error ? error.name : "" });
    return undefined;
  }
}

async function judged(pass: Pass, grant: AccessRequest): Promise<OnRecord> {
  if (grant.version > MOST_EVENTS) return "false";
  const { items } = await pass.ports.requests.historyPage(grant.id, { limit: MOST_EVENTS + 1 });
  const found = onRecord(grant, items);
  return found === "over" && (await hasMoved(pass, grant)) ? "later" : found;
}

/**
 * Whether the record is a later one by now. A step stores record and event together, so a grant that just
 * ended has both. An old record that somebody put back stays an old one.
 */
async function hasMoved(
  { ports, binding }: Pass,
  { id, version }: AccessRequest,
): Promise<boolean> {
  const { grants, leftOut } = await ports.bindings.named(binding, [id]);
  const isGone = grants.length === 0 && leftOut.length === 0;
  return isGone || grants.some((grant) => grant.version > version);
}

function liveIn(pass: Pass): readonly AccessRequest[] {
  const live = new Set(
    entitlementsIn(pass).flatMap(({ isLive, grantId }) => (isLive ? grantId : [])),
  );
  return pass.grants.open.filter(({ id }) => live.has(id));
}

import { isOnRecord, MOST_EVENTS } from "../../domain/requests/on-record.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { entitlementsIn, type Pass } from "./pass.ts";

/** Ids of the grants whose history bears out their record. */
export type OnRecord = ReadonlySet<string>;

/**
 * Reads the histories of the grants that begin. Called only where access may be added: a removal needs
 * none of them, and a grant that has begun is judged by the ledger.
 *
 * @returns undefined where a history cannot be read now, so nothing begins
 */
export async function lookUpRecords(pass: Pass): Promise<OnRecord | undefined> {
  const { binding, run } = pass;
  try {
    const judged = await Promise.all(
      beginningIn(pass).map(async (grant) => ((await isBorneOut(pass, grant)) ? grant.id : [])),
    );
    return new Set(judged.flat());
  } catch (error) {
    run.log("histories not read", { binding, error: error instanceof Error ? error.name : "" });
    return undefined;
  }
}

async function isBorneOut({ ports }: Pass, grant: AccessRequest): Promise<boolean> {
  if (grant.version > MOST_EVENTS) return false;
  const { items } = await ports.requests.historyPage(grant.id, { limit: grant.version });
  return isOnRecord(grant, items);
}

function beginningIn(pass: Pass): readonly AccessRequest[] {
  const beginning = new Set(
    entitlementsIn(pass).flatMap(({ isLive, hasBegun, grantId }) =>
      isLive && !hasBegun ? grantId : [],
    ),
  );
  return pass.grants.open.filter(({ id }) => beginning.has(id));
}

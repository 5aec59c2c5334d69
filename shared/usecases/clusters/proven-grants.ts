/** The grants on an entry that others cannot have planted. Functions that face people can write its records. */
import { reachOf } from "../../domain/entries/access.ts";
import { bindingKey } from "../../domain/entries/binding.ts";
import { scopeCovers } from "../../domain/entries/scope.ts";
import type { CallIntent } from "../../domain/evidence/calls/call-intent.ts";
import { type GrantOnRecord, grantOnRecord } from "../../domain/requests/grant-on-record.ts";
import { MOST_EVENTS } from "../../domain/requests/on-record.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { CLOCKS_APART_SECONDS } from "../../domain/settings.ts";
import { setOf } from "../../domain/values/element-set.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { StandingPorts } from "../../ports/function-ports.ts";

/** The most intents of one entry that are read: the latest. */
const MOST_INTENTS = 200;
/** The most records of one entry whose histories are read: others can plant any number. */
const MOST_RECORDS = 100;

interface EntryNames {
  readonly clusterArn: string;
  readonly principalArn: string;
}

/**
 * The grants of an entry's records that have a history about that entry, were approved and had not ended, and whose
 * access converge was about to add there. Each is as its history has it. Reads nothing where there is no record.
 * Elsewhere it reads the entry's intents, and a record's history; its calls too where the intents do not show it.
 *
 * @param readAt when the entry was read
 */
export async function provenGrants(
  ports: Pick<StandingPorts, "requests" | "evidence">,
  entry: EntryNames,
  records: readonly Pick<AccessRequest, "id">[],
  readAt: string,
): Promise<readonly GrantOnRecord[]> {
  if (records.length === 0) return [];
  const binding = bindingKey(entry.clusterArn, entry.principalArn);
  // Converge may store another one by its own clock meanwhile.
  const until = plusSeconds(readAt, CLOCKS_APART_SECONDS);
  const intents = await ports.evidence.intents(binding, until, MOST_INTENTS);
  const proven: GrantOnRecord[] = [];
  // One after the other: a history may have a megabyte.
  for (const { id } of records.slice(0, MOST_RECORDS)) {
    const { items } = await ports.requests.historyPage(id, { limit: MOST_EVENTS });
    const grant = grantOnRecord(id, items);
    if (!grant || !isOn(entry, grant) || !isLent(grant, readAt)) continue;
    if (isIntended(grant, intents) || (await isServed(ports, entry, id))) proven.push(grant);
  }
  return proven;
}

const isOn = (
  { clusterArn, principalArn }: EntryNames,
  grant: Pick<GrantOnRecord, "cluster" | "principalArn">,
): boolean => grant.cluster.arn === clusterArn && grant.principalArn === principalArn;

/** An end that was stored while the entry was read explains what was there. */
const isLent = ({ approvedAt, endedAt }: GrantOnRecord, readAt: string): boolean =>
  approvedAt !== null && (endedAt === null || endedAt > plusSeconds(readAt, -CLOCKS_APART_SECONDS));

/** Whether converge was about to arm the grant's fuse, or to add its access, also for another grant. */
function isIntended(
  { id, access, cluster }: GrantOnRecord,
  intents: readonly CallIntent[],
): boolean {
  if (intents.some(({ fusesOf = [] }) => fusesOf.includes(id))) return true;
  const { target, elements } = reachOf(access, cluster.arn);
  const calls = intents.flatMap((intent) => intent.calls).filter((call) => call.target === target);
  return scopeCovers(setOf(calls.flatMap((call) => call.elements)), elements);
}

/** Whether a call for the grant changed the entry. Calls are kept longer than intents. */
const isServed = async (
  { evidence }: Pick<StandingPorts, "evidence">,
  { clusterArn, principalArn }: EntryNames,
  id: string,
): Promise<boolean> =>
  (await evidence.callsFor(id)).some(
    (call) =>
      call.result === "ok" && call.clusterArn === clusterArn && call.principalArn === principalArn,
  );

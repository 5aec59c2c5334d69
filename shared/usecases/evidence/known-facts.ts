import { bindingKey } from "../../domain/entries/binding.ts";
import { grantOfSession } from "../../domain/entries/session-name.ts";
import { type CallIntent, ownersAt } from "../../domain/evidence/calls/call-intent.ts";
import { carriedAccess, type Overs } from "../../domain/evidence/calls/carried-access.ts";
import { isConfirmed, type KnownFacts } from "../../domain/evidence/calls/explain-event.ts";
import type { RecordedCall } from "../../domain/evidence/calls/recorded-call.ts";
import { addsAccess, shownFrom } from "../../domain/evidence/calls/taken-with-entry.ts";
import { afterAllBefore } from "../../domain/evidence/evidence-times.ts";
import type { TrailEvent } from "../../domain/evidence/trail/trail-event.ts";
import { grantOnRecord } from "../../domain/requests/grant-on-record.ts";
import { deploymentOf } from "../../domain/values/deployment.ts";
import { unlessMissing } from "../../domain/values/errors.ts";
import type { CorrelatePorts } from "../../ports/function-ports.ts";
import { deletionsOn, endsAt } from "./deletions-on-entry.ts";
import { armedFuses, type GrantOnEntry, grantsAt, lentAccess } from "./grants-on-entry.ts";
import { intentsInUse } from "./intents-in-use.ts";

/** Facts that may explain an event, and the grants whose access may have been on its entry. */
export interface FactsOfEvent extends KnownFacts {
  readonly requestIds: readonly string[];
  /** The grants on the entry, also those whose access was not on it then. */
  readonly grantIds: readonly string[];
}

/** The most grants of one entry that are read for one event: the latest. */
const MOST_GRANTS = 50;

/**
 * The most intents of one entry that are read for one event: the latest before it. A grant has two when
 * it begins, and seldom more, so they name more grants than are read.
 */
const MOST_INTENTS = 4 * MOST_GRANTS;

/** Reads what may explain the event. A call that agrees explains it by itself. */
export async function knownFacts(ports: CorrelatePorts, event: TrailEvent): Promise<FactsOfEvent> {
  const { evidence, policy, settings } = ports;
  const fuseRoleArn = fuseRoleIn(ports.fuseRoleArn, event.account);
  const { eksRequestId, clusterArn, principalArn, eventTime } = event;
  const call = eksRequestId === null ? undefined : await evidence.call(eksRequestId);
  const deployment = deploymentOf(policy);
  const facts = { call, fuseRoleArn, deployment, expected: policy.expected ?? [] };
  const none = { ...facts, requestIds: [], grantIds: [] };
  if (call && isConfirmed(call, event, facts)) return none;
  const entry = entryOf(clusterArn, principalArn, call);
  if (!entry) return none;
  const binding = bindingKey(entry.clusterArn, entry.principalArn);
  const intentsBefore = (instant: string) =>
    evidence.intents(binding, afterAllBefore(instant, settings), MOST_INTENTS);
  const intents = await intentsBefore(eventTime);
  const { sessionName } = event.caller;
  const grants = await grantsOf(ports, entry, firstIntents(intents), sessionName);
  const deleting = addsAccess(event)
    ? await deletingFacts(ports, eventTime, async (shown) =>
        grantsOf(ports, entry, firstIntents(await intentsBefore(shown)), sessionName),
      )
    : {};
  return {
    ...facts,
    ...deleting,
    ...(await intentsInUse(ports, event, grants, intents, intentsBefore)),
    lent: lentAccess(grants, binding, eventTime, settings, ownersAt(intents, eventTime, settings)),
    carried: carriedAccess(intents, settings, oversOf(grants)),
    fuses: armedFuses(grants, fuseRoleArn, settings.fuseDelaySeconds),
    requestIds: grantsAt(grants, eventTime),
    grantIds: grants.map(({ grant }) => grant.id),
  };
}

/**
 * Facts that say whether a deletion of ours took the event's addition. A grant that began only after it may be
 * the one whose end deleted the entry.
 */
async function deletingFacts(
  ports: CorrelatePorts,
  at: string,
  grantsBefore: (instant: string) => Promise<readonly GrantOnEntry[]>,
): Promise<Pick<KnownFacts, "ends" | "deletions">> {
  const shown = shownFrom(at, ports.settings);
  const grants = await grantsBefore(shown);
  return { ends: endsAt(grants, at), deletions: await deletionsOn(ports, grants, at, shown) };
}

const oversOf = (grants: readonly GrantOnEntry[]): Overs =>
  Object.fromEntries(
    grants.map(({ grant, history }) => [
      grant.id,
      history.find(({ to }) => to === "ended" || to === "failed")?.at ?? null,
    ]),
  );

/** The fuse role of an account. It has one name in all of them. */
const fuseRoleIn = (own: string, account: string): string =>
  own.replace(/::\d{12}:/, `::${account}:`);

/** The names of an entry. */
type EntryNames = Pick<RecordedCall, "clusterArn" | "principalArn">;

/** CloudTrail names no entry where a call failed early. */
const entryOf = (
  clusterArn: string | null,
  principalArn: string | null,
  call: RecordedCall | undefined,
): EntryNames | undefined =>
  clusterArn !== null && principalArn !== null ? { clusterArn, principalArn } : call;

/** By grant, when it was first about to have access to the entry. @param intents newest first */
const firstIntents = (intents: readonly CallIntent[]): ReadonlyMap<string, string> =>
  new Map(
    intents.flatMap(({ calls, fusesOf = [], from }) =>
      [...fusesOf, ...calls.flatMap(({ requestIds }) => requestIds)].map(
        (id) => [id, from] as const,
      ),
    ),
  );

/**
 * The grants of the intents, and that of the event's session. A grant that adds nothing while another
 * one runs may have no intent, and still be removed last. Functions that face people can write its record, so the
 * history says which entry it is of, what it lends, and from when until when.
 */
async function grantsOf(
  { requests }: Pick<CorrelatePorts, "requests">,
  { clusterArn, principalArn }: EntryNames,
  intended: ReadonlyMap<string, string>,
  sessionName: string | null,
): Promise<readonly GrantOnEntry[]> {
  const named = grantOfSession(sessionName);
  const latest = [...intended.keys()].slice(0, MOST_GRANTS);
  const ids = new Set(named === undefined ? latest : [named, ...latest]);
  const found = [...ids].map(async (id): Promise<readonly GrantOnEntry[]> => {
    const [history, record] = await Promise.all([
      requests.history(id),
      requests.load(id).catch(unlessMissing),
    ]);
    const grant = grantOnRecord(id, history);
    if (grant?.cluster.arn !== clusterArn || grant.principalArn !== principalArn) return [];
    const { revokeAt = null, expiresAt = null } = record ?? {};
    return [
      { grant: { ...grant, revokeAt, expiresAt }, history, intendedAt: intended.get(id) ?? null },
    ];
  });
  return (await Promise.all(found)).flat();
}

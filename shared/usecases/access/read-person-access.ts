/** What a person can do now, as far as the tables know: by their grants and by standing access. */
import { bindingKey } from "../../domain/entries/binding.ts";
import {
  effectiveAccess,
  type PersonAccess,
  type UnreadEntry,
} from "../../domain/entries/effective-access.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import {
  type AccessPolicy,
  clusterNamed,
  hasRole,
  type Member,
  memberOf,
} from "../../domain/policy/policy.ts";
import { mayRead } from "../../domain/policy/request-rights.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { StandingEntry } from "../../domain/standing/standing-entry.ts";
import { ageOf, shownPass } from "../../domain/standing/standing-record.ts";
import { clusterOf, parsePrincipalArn } from "../../domain/values/arn.ts";
import { BrokerError, noCluster } from "../../domain/values/errors.ts";
import { earliest } from "../../domain/values/instant.ts";
import type { ApiPorts } from "../../ports/function-ports.ts";
import { delegatorsOf } from "../delegations/held-delegations.ts";
import { type OpenRequests, readOpen } from "./open-requests.ts";
import { readBlocks } from "./read-blocks.ts";

type AccessPorts = Pick<
  ApiPorts,
  "requests" | "delegations" | "standing" | "stops" | "policy" | "clock" | "settings"
>;

/** One access entry that the person may use. */
interface Place {
  readonly clusterArn: string;
  readonly principalArn: string;
}

/**
 * @param cluster a cluster's name, to know standing access there as well; undefined for grants on all of them
 * @throws BrokerError `person-not-found` also for whom the reader may know nothing of, and for who is not in the
 *   policy and has no open grant; `cluster-not-found`
 */
export async function readPersonAccess(
  ports: AccessPorts,
  { member: reader }: Actor,
  name: string,
  cluster: string | undefined,
): Promise<PersonAccess> {
  const { policy, clock } = ports;
  if (cluster !== undefined && !clusterNamed(policy, cluster)) throw noCluster(cluster);
  const member = memberOf(policy, name);
  const at = clock.now();
  const isWhole = seesAll(policy, reader, name);
  const delegators = isWhole ? [] : await delegatorsOf(ports, reader);
  const isSeen = (grant: AccessRequest) => mayRead(policy, reader, grant, delegators);
  const open = await readOpen(ports, { name, cluster, at });
  const waiting = open.pending.filter(isSeen);
  // Who has left the file may still have open grants.
  const places = placesOf(policy, member?.principals ?? [], open, cluster);
  const asksStanding = cluster !== undefined && isWhole;
  const read = await Promise.all(places.map((place) => readEntry(ports, place, asksStanding, at)));
  const isKnown = member !== undefined || places.length > 0;
  const elsewhere = open.elsewhere.filter(isSeen);
  const seen = [...waiting, ...elsewhere, ...read.flatMap(({ grants }) => grants.filter(isSeen))];
  if (!isKnown || !(isWhole || seen.length > 0)) throw notFound(name);
  const asked = { name, member, reader: reader.name, isWhole, cluster, waiting, at };
  const principals = places.map(({ principalArn }) => principalArn);
  return {
    ...{ person: name, at, cluster: cluster ?? null, waiting },
    ...accessOn(isWhole ? read : onlySeen(read, isSeen), isSeen, at),
    blocks: await readBlocks(ports, { ...asked, principals: [...new Set(principals)] }),
    grantsElsewhere: cluster === undefined ? null : elsewhere.length,
  };
}

/** Oneself, and who may read everything. */
const seesAll = (policy: AccessPolicy, reader: Member, name: string): boolean =>
  reader.name === name || hasRole(policy, reader, "admins") || hasRole(policy, reader, "auditors");

type ReadEntry = Awaited<ReturnType<typeof readEntry>>;

/** What the reader may not see must not stand in the place of what they may. */
const onlySeen = (read: readonly ReadEntry[], isSeen: (grant: AccessRequest) => boolean) =>
  read.map((entry) => ({ ...entry, grants: entry.grants.filter(isSeen) }));

function accessOn(
  entries: readonly ReadEntry[],
  isSeen: (grant: AccessRequest) => boolean,
  at: string,
): Pick<PersonAccess, "access" | "unread" | "standingAsOf"> {
  const hidden = new Set(
    entries.flatMap(({ grants }) => grants.flatMap((each) => (isSeen(each) ? [] : each.id))),
  );
  const access = entries.flatMap((entry) => effectiveAccess(entry, at));
  return {
    access: access.map((each) => ({ ...each, by: hidden.has(each.by) ? null : each.by })),
    unread: entries.flatMap(({ unread }) => unread ?? []),
    standingAsOf: earliestOf(entries.map(({ shownAt }) => shownAt)),
  };
}

/** Null if any is. */
const earliestOf = (instants: readonly (string | null)[]): string | null =>
  instants.some((each) => each === null) ? null : (earliest(instants as readonly string[]) ?? null);

const notFound = (name: string) =>
  new BrokerError(
    "person-not-found",
    `access.yaml has no person ${name}, or nothing of theirs that you may see. Nothing was read; check the name, or ask an admin or auditor.`,
  );

/** The entries of a person's principals, and of their open grants on others. */
function placesOf(
  { clusters }: AccessPolicy,
  principals: readonly string[],
  { granted }: OpenRequests,
  cluster: string | undefined,
): readonly Place[] {
  const byPolicy = Object.entries(clusters)
    .filter(([each]) => cluster === undefined || each === cluster)
    .flatMap(([, { arn }]) =>
      principalsFor(arn, principals).map((principalArn) => ({ clusterArn: arn, principalArn })),
    );
  // Grants on a principal, or a cluster, that the person does not have by the policy any more.
  const byGrant = granted.map((grant) => ({
    ...{ clusterArn: grant.cluster.arn, principalArn: grant.principalArn },
  }));
  const all = [...byPolicy, ...byGrant].map(
    (place) => [bindingKey(place.clusterArn, place.principalArn), place] as const,
  );
  return [...new Map(all).values()];
}

/** Principals of the cluster's account; all where there is no such, since others may be named there. */
function principalsFor(clusterArn: string, principals: readonly string[]): readonly string[] {
  const { account } = clusterOf(clusterArn);
  const own = principals.filter((arn) => parsePrincipalArn(arn)?.account === account);
  return own.length > 0 ? own : principals;
}

async function readEntry(ports: AccessPorts, place: Place, asksStanding: boolean, at: string) {
  const [grants, { standing, unread, shownAt }] = await Promise.all([
    ports.requests.openOn(bindingKey(place.clusterArn, place.principalArn)),
    asksStanding ? readStanding(ports, place, at) : NOTHING_READ,
  ]);
  return { ...place, grants, standing, unread, shownAt };
}

interface StandingSight {
  readonly standing: StandingEntry | undefined;
  readonly unread: UnreadEntry | undefined;
  /** When the reading began. */
  readonly shownAt: string | null;
}

const NOTHING_READ: StandingSight = { standing: undefined, unread: undefined, shownAt: null };

/** After so many periods without a whole reading, the last one says too little. */
const LATE_PERIODS = 2;

async function readStanding(
  { standing: store, settings }: AccessPorts,
  place: Place,
  at: string,
): Promise<StandingSight> {
  const record = await store.load(place.clusterArn);
  const shown = record && shownPass(record, at);
  const unknown = (why: UnreadEntry["why"], since: string | null) => ({ ...place, why, since });
  if (!record || !shown) return { ...NOTHING_READ, unread: unknown("never-read", null) };
  const standing = await store.entryOf(place.clusterArn, shown.passId, place.principalArn);
  const isOld = ageOf(record, at) > settings.standingEverySeconds * LATE_PERIODS;
  const { startedAt: shownAt } = shown;
  const why = isOld ? "old" : standing?.isCut ? "cut" : undefined;
  return { standing, unread: why && unknown(why, shownAt), shownAt };
}

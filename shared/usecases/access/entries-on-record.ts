/** The access entries that a person may use, with the record of each. */
import { bindingKey } from "../../domain/entries/binding.ts";
import {
  effectiveAccess,
  type PersonAccess,
  type UnreadEntry,
} from "../../domain/entries/effective-access.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { StandingEntry } from "../../domain/standing/standing-entry.ts";
import { ageOf, shownPass } from "../../domain/standing/standing-record.ts";
import { clusterOf, parsePrincipalArn } from "../../domain/values/arn.ts";
import { earliest } from "../../domain/values/instant.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import type { StandingStore } from "../../ports/standing-store.ts";

/** The ports that read entries on record. */
export interface EntryPorts extends Pick<FrontPorts, "requests" | "settings"> {
  readonly standing: Pick<StandingStore, "load" | "entryOf">;
}

/** One access entry that the person may use. */
export interface Place {
  readonly clusterArn: string;
  readonly principalArn: string;
}

export type ReadEntry = Awaited<ReturnType<typeof readEntry>>;

/**
 * The access that the entries give, all together.
 *
 * @param isSeen whether the reader may see a grant: its id stays hidden else
 */
export function accessOn(
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

/** The earliest instant; null if one of them is null. */
const earliestOf = (instants: readonly (string | null)[]): string | null =>
  instants.some((each) => each === null) ? null : (earliest(instants as readonly string[]) ?? null);

/** The entries of a person's principals, and of their open grants on others. */
export function placesOf(
  { clusters }: AccessPolicy,
  principals: readonly string[],
  granted: readonly AccessRequest[],
  cluster: string | undefined,
): readonly Place[] {
  const byPolicy = Object.entries(clusters)
    .filter(([each]) => cluster === undefined || each === cluster)
    .flatMap(([, { arn }]) =>
      principalsFor(arn, principals).map((principalArn) => ({ clusterArn: arn, principalArn })),
    );
  // Grants on a principal, or a cluster, that the person does not have by the policy any more.
  const byGrant = granted.map((grant) => ({
    clusterArn: grant.cluster.arn,
    principalArn: grant.principalArn,
  }));
  const all = [...byPolicy, ...byGrant].map(
    (place) => [bindingKey(place.clusterArn, place.principalArn), place] as const,
  );
  return [...new Map(all).values()];
}

/**
 * The principals of the cluster's account, or all principals if the account has no such principal: others may be
 * named there.
 */
function principalsFor(clusterArn: string, principals: readonly string[]): readonly string[] {
  const { account } = clusterOf(clusterArn);
  const own = principals.filter((arn) => parsePrincipalArn(arn)?.account === account);
  return own.length > 0 ? own : principals;
}

export async function readEntry(
  ports: EntryPorts,
  place: Place,
  asksStanding: boolean,
  at: string,
) {
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

/** After this many periods without a whole reading, the last one says too little. */
const LATE_PERIODS = 2;

async function readStanding(
  { standing: store, settings }: EntryPorts,
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

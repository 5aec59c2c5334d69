/**
 * The access that a principal has on a cluster, as far as the tables know: by grants and by
 * standing access. Pure. RBAC decides what Kubernetes groups permit, and nobody reads it here.
 */

import { STANDING_ACCESS } from "../requests/end-text.ts";
import { startOf } from "../requests/grant-time.ts";
import type { AccessRequest } from "../requests/request.ts";
import { CLOCKS_APART_SECONDS } from "../settings.ts";
import type { StandingEntry } from "../standing/standing-entry.ts";
import { type ElementSet, setOf } from "../values/element-set.ts";
import { plusSeconds } from "../values/instant.ts";
import { GROUPS, groupElements, reachOf } from "./access.ts";
import type { AccessBlock } from "./access-blocks.ts";

/**
 * For each element, the first state that holds. Several grants may hold it in one state: what is
 * coming is said by the grant that begins first, everything else by the one that ends last.
 *
 * - `there`: an active grant lends it, or it stood there when the entry was last read.
 * - `may-be-there`: its grant has started, or does within ten seconds: clocks differ. No read has shown the access yet.
 * - `ending`: its grant is over, on record or by its end, and no read has proven that the access is gone.
 * - `coming`: its grant is approved for later.
 */
export const ACCESS_STATES = ["there", "may-be-there", "ending", "coming"] as const;

export type AccessState = (typeof ACCESS_STATES)[number];

/** Some elements of one target that one grant, or standing access, gives. */
export interface EffectiveAccess {
  readonly clusterArn: string;
  readonly principalArn: string;
  /** The ARN of an access policy, or `groups`. */
  readonly target: string;
  readonly elements: ElementSet;
  readonly state: AccessState;
  /** The id of a grant, or `standing access`. */
  readonly by: string;
  /** Its begin, while it is coming. ISO 8601 UTC. */
  readonly from: string | null;
  /**
   * When it ends. While it is ending, the time by which it must be gone; null once that has passed,
   * since nobody knows then. Null for standing access. ISO 8601 UTC.
   */
  readonly until: string | null;
  /** When the reading began that showed it: of standing access. ISO 8601 UTC. */
  readonly asOf: string | null;
}

/** Records about one access entry. */
export interface EntryOnRecord {
  readonly clusterArn: string;
  readonly principalArn: string;
  /** Grants through which access may exist, now or later. */
  readonly grants: readonly AccessRequest[];
  /** Standing access at the last reading; undefined where there was nothing, or nobody read it. */
  readonly standing: Pick<StandingEntry, "policies" | "groups" | "readAt"> | undefined;
}

/** An entry whose standing access is not known. */
export interface UnreadEntry {
  readonly clusterArn: string;
  readonly principalArn: string;
  /** `never-read`, `old`: the last reading is older than two periods, `cut`: it holds more than was stored. */
  readonly why: "never-read" | "old" | "cut";
  /** When it was last read, ISO 8601 UTC; null if never. */
  readonly since: string | null;
}

export interface PersonAccess {
  readonly person: string;
  /** When the tables were read, ISO 8601 UTC. */
  readonly at: string;
  /** The cluster's name; null to look at all clusters, by grants only. */
  readonly cluster: string | null;
  /** `by` is null for a grant that the reader may not see. */
  readonly access: readonly (Omit<EffectiveAccess, "by"> & { readonly by: string | null })[];
  /** Entries of which nobody knows what stands on them. Empty where only grants were asked for. */
  readonly unread: readonly UnreadEntry[];
  /**
   * When the reading began that shows standing access, ISO 8601 UTC. Null where it was left out, or
   * where no reading shows all of it. It is left out if the reader may not see it, or no cluster
   * was named.
   */
  readonly standingAsOf: string | null;
  /** Obstacles to the person's access there. */
  readonly blocks: readonly AccessBlock[];
  /** Their requests there that wait for a decision, the newest first. */
  readonly waiting: readonly AccessRequest[];
  /** How many grants of theirs on other clusters the reader may see; null where no cluster was named. */
  readonly grantsElsewhere: number | null;
  /** Their requests on all clusters of the 24 hours before `at` that the reader may see. */
  readonly lately: {
    readonly since: string;
    readonly requests: number;
    readonly approved: number;
  };
}

/** @param now ISO 8601 UTC */
export function effectiveAccess(entry: EntryOnRecord, now: string): readonly EffectiveAccess[] {
  const all = [
    ...entry.grants.flatMap((grant) => lentBy(grant, entry, now) ?? []),
    ...standingOn(entry),
  ];
  const said: EffectiveAccess[] = [];
  for (const each of all.toSorted(order)) said.push(...unsaid(said, each));
  return said;
}

const order = (a: EffectiveAccess, b: EffectiveAccess): number =>
  ACCESS_STATES.indexOf(a.state) - ACCESS_STATES.indexOf(b.state) ||
  compare(beginOf(a), beginOf(b)) ||
  compare(endOf(b), endOf(a)) ||
  compare(a.by, b.by);

/** Only what is coming has one: a later grant must not hide that the access is there before. */
const beginOf = ({ from }: EffectiveAccess): string => from ?? "";

/** Access without an end sorts last. */
const endOf = ({ until }: EffectiveAccess): string => until ?? "~";

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The elements that nothing before says. */
function unsaid(said: readonly EffectiveAccess[], each: EffectiveAccess) {
  const known = new Set(
    said.flatMap(({ target, elements }) => (target === each.target ? elements : [])),
  );
  const elements = each.elements.filter((element) => !known.has(element));
  return elements.length === 0 ? [] : [{ ...each, elements: setOf(elements) }];
}

function lentBy(
  grant: AccessRequest,
  { clusterArn, principalArn, grants }: EntryOnRecord,
  now: string,
): EffectiveAccess | undefined {
  const state = stateOf(grant, now);
  if (!state) return undefined;
  const from = state === "coming" ? startOf(grant) : null;
  const last = state === "there" ? lastOfChain(grant, grants) : grant;
  const until = state === "ending" ? goneBy(grant, now) : (last.revokeAt ?? last.expiresAt);
  return {
    clusterArn,
    principalArn,
    ...reachOf(grant.access, clusterArn),
    state,
    by: last.id,
    from,
    until,
    asOf: null,
  };
}

function stateOf(grant: AccessRequest, now: string): AccessState | undefined {
  const { state, revokeAt } = grant;
  if (state === "ending") return "ending";
  if (state !== "active" && state !== "approved") return undefined;
  // Converge may be late to say so, and nothing is lent for longer.
  if (revokeAt !== null && revokeAt <= now) return "ending";
  if (state === "active") return "there";
  // The run that adds it may have a clock that is ahead.
  const latest = plusSeconds(now, CLOCKS_APART_SECONDS);
  return (startOf(grant) ?? now) > latest ? "coming" : "may-be-there";
}

const goneBy = ({ expiresAt }: AccessRequest, now: string): string | null =>
  expiresAt !== null && expiresAt > now ? expiresAt : null;

/**
 * The last extension of a grant that is active: its access ends with that one. Others can plant a circle, or move the end
 * of one: an extension never ends before what it extends.
 */
function lastOfChain(
  grant: AccessRequest,
  grants: readonly AccessRequest[],
  before: readonly string[] = [],
): AccessRequest {
  const next = grants.find(({ id, state }) => id === grant.extendedBy && state === "active");
  const isLater = next && (next.revokeAt ?? "") >= (grant.revokeAt ?? "");
  const isNew = isLater && !before.includes(next.id) && next.id !== grant.id;
  return isNew ? lastOfChain(next, grants, [...before, grant.id]) : grant;
}

function standingOn({ clusterArn, principalArn, standing }: EntryOnRecord) {
  if (!standing) return [];
  const { policies, groups, readAt } = standing;
  const targets: readonly (readonly [string, ElementSet])[] = [
    ...policies.map(({ policyArn, elements }) => [policyArn, elements] as const),
    [GROUPS, groupElements(groups)],
  ];
  return targets.map(
    ([target, elements]): EffectiveAccess => ({
      clusterArn,
      principalArn,
      target,
      elements,
      state: "there",
      by: STANDING_ACCESS,
      from: null,
      until: null,
      asOf: readAt,
    }),
  );
}

/**
 * Standing access: what an access entry gives beyond the grants that explain it. Pure. All instants
 * are ISO 8601 UTC.
 */
import { GROUPS, groupsFromElements, reachOf } from "../entries/access.ts";
import type { ActualEntry } from "../entries/actual-entry.ts";
import { TAG_MANAGED_BY } from "../entries/ledger.ts";
import { scopeRemainder, scopeUnion } from "../entries/scope.ts";
import type { GrantOnRecord } from "../requests/grant-on-record.ts";
import { startOf } from "../requests/grant-time.ts";
import { type ElementSet, minus, unionOf } from "../values/element-set.ts";
import { ENTRY_KINDS, type EntryKind, entryKind } from "./entry-kind.ts";
import { greatestPower, POWERS, type Power, powerOfPolicy } from "./power.ts";

/**
 * The state of an entry's principal: whether the entry works for it now. An entry is bound to the
 * unique id that its principal had when the entry was made. It is dead once the principal was
 * deleted, even if it was made again. `not-read`: the principal is a user, or in another account.
 * https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 */
export type PrincipalState = "exists" | "gone" | "recreated" | "not-read";

/** An access entry, with what no grant explains. */
export interface StandingEntry {
  readonly principalArn: string;
  readonly kind: EntryKind;
  /** EKS's own type: `STANDARD`, `EC2_LINUX` … */
  readonly type: string;
  readonly username: string;
  readonly createdAt: string;
  /** Whether it carries the deployment's tag, which others can set as well. */
  readonly tagged: boolean;
  readonly principal: PrincipalState;
  readonly power: Power;
  readonly policies: readonly StandingPolicy[];
  readonly groups: readonly string[];
  /** Whether there was more than a record holds. */
  readonly isCut: boolean;
  /** Ids of requests whose records claim the entry, and whose histories do not bear them out. Absent without any. */
  readonly claimedBy?: readonly string[];
  readonly readAt: string;
}

/** An access policy in the scope that no grant explains. */
interface StandingPolicy {
  readonly policyArn: string;
  readonly power: Power;
  /** As in a ledger: `cluster`, or `ns/<pattern>`. */
  readonly elements: ElementSet;
}

/** The read of one entry. */
export interface ReadEntry {
  readonly principalArn: string;
  readonly clusterArn: string;
  readonly entry: ActualEntry;
  readonly principal: PrincipalState;
  /** The name of the deployment, with which it tags its entries. */
  readonly deployment: string;
  /** Grants on the same entry that were approved and have not ended. */
  readonly grants: readonly GrantOnRecord[];
  /** Ids of requests whose records claim to be such grants, and have no history that bears it out. */
  readonly claimedBy?: readonly string[];
  readonly readAt: string;
}

/** How many elements and groups a record holds at most: EKS names no limit, and DynamoDB has one. */
const MOST_ELEMENTS = 1_000;

const MOST_CLAIMS = 20;

/** Text by which entries sort: by kind, then from the most power to the least, wide scopes first. */
export const standingOrder = ({
  kind,
  power,
  policies,
}: Pick<StandingEntry, "kind" | "power" | "policies">): string => {
  const isWide = policies.some((one) => one.power === power && one.elements.includes("cluster"));
  return `${ENTRY_KINDS.indexOf(kind)}${POWERS.indexOf(power)}${isWide ? 0 : 1}`;
};

/** Every text that `standingOrder` may give to an entry that people can use. */
export const STANDING_ORDERS: readonly string[] = [
  ...(["ordinary", "capability"] as const).flatMap((kind) =>
    POWERS.flatMap((_, power) =>
      [0, 1].map((wide) => `${ENTRY_KINDS.indexOf(kind)}${power}${wide}`),
    ),
  ),
];

/** Access without a grant; undefined if grants explain the entry and all that is on it. */
export function standingOf(read: ReadEntry): StandingEntry | undefined {
  const { entry, principalArn, principal, deployment, claimedBy = [], readAt } = read;
  const { explained, left } = remainders(read);
  const tagged = entry.tags[TAG_MANAGED_BY] === deployment;
  if (tagged && explained.size > 0 && left.size === 0) return undefined;
  const { kept, isCut } = cutTo(MOST_ELEMENTS, left);
  const groups = groupsFromElements(kept.get(GROUPS) ?? []);
  const policies = [...kept]
    .filter(([target]) => target !== GROUPS)
    .map(([policyArn, elements]) => ({
      policyArn,
      power: powerOfPolicy(policyArn.split("/").at(-1) ?? ""),
      elements,
    }));
  return {
    principalArn,
    kind: entryKind(principalArn, entry),
    type: entry.type,
    username: entry.username,
    createdAt: entry.createdAt,
    tagged,
    principal,
    power: greatestPower([
      ...policies.map(({ power }) => power),
      ...(groups.length > 0 ? (["unknown"] as const) : []),
    ]),
    policies,
    groups,
    isCut,
    ...(claimedBy.length === 0 ? {} : { claimedBy: claimedBy.slice(0, MOST_CLAIMS) }),
    readAt,
  };
}

type Elements = ReadonlyMap<string, ElementSet>;

/** By target: the elements that grants explain, and the rest of the entry's. */
function remainders({ clusterArn, entry, grants, readAt }: ReadEntry) {
  const explained = new Map<string, ElementSet>();
  for (const grant of grants.filter((one) => mayBeThere(one, readAt))) {
    const { target, elements } = reachOf(grant.access, clusterArn);
    const before = explained.get(target) ?? [];
    explained.set(
      target,
      target === GROUPS ? unionOf(before, elements) : scopeUnion(before, elements),
    );
  }
  const left: Elements = new Map(
    Object.entries(entry.targets)
      .map(([target, actual]): [string, ElementSet] => {
        const lent = explained.get(target) ?? [];
        return [target, target === GROUPS ? minus(actual, lent) : scopeRemainder(actual, lent)];
      })
      .filter(([, elements]) => elements.length > 0),
  );
  return { explained, left };
}

/** A grant for later explains nothing yet. Otherwise it could hide access until then. */
function mayBeThere(grant: GrantOnRecord, now: string): boolean {
  if (grant.effectiveAt !== null) return true;
  const start = startOf(grant);
  return start !== null && start <= now;
}

function cutTo(most: number, all: Elements): { readonly kept: Elements; readonly isCut: boolean } {
  let room = most;
  const kept = new Map<string, ElementSet>();
  for (const [target, elements] of all) {
    // One of each, so that no policy is left out.
    const some = elements.slice(0, Math.max(1, room));
    kept.set(target, some);
    room -= some.length;
  }
  const count = (counted: Elements) =>
    [...counted.values()].reduce((sum, { length }) => sum + length, 0);
  return { kept, isCut: count(kept) < count(all) };
}

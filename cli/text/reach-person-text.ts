/** One person's part of the list of who can reach a cluster. */

import type { Power } from "../../shared/domain/standing/power.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { StandingEntryAnswer } from "../../shared/http/contract/cluster-answer.ts";

/** The person of a list. */
export interface AskedPerson {
  /** In `access.yaml`. */
  readonly name: string;
  /** Whether the `access.yaml` of today has the name. Undefined of an archive, which does not say who holds a principal. */
  readonly isNamed: boolean | undefined;
}

/** The parts of a list that say who. */
export interface Listed {
  readonly grants: readonly { readonly requester: string; readonly state: string }[];
  readonly entries: readonly Pick<StandingEntryAnswer, "people" | "kind" | "principal" | "power">[];
}

/** The person's access through grants, and through principals that `access.yaml` gives them. */
export const ofPerson = <L extends Listed>(listed: L, { name }: AskedPerson): L => ({
  ...listed,
  grants: listed.grants.filter(({ requester }) => requester === name),
  entries: listed.entries.filter((entry) => isHeldBy(entry, name)),
});

/** The clusters of an answer, and the person whose part of them it has. */
export const partOf = <L extends Listed>(
  clusters: readonly L[],
  person: AskedPerson | undefined,
) =>
  person === undefined
    ? { clusters }
    : { who: person, clusters: clusters.map((one) => ofPerson(one, person)) };

const isHeldBy = ({ people = [] }: Listed["entries"][number], name: string): boolean =>
  people.includes(name);

export interface ListKind {
  /** The tense: of now, or of an instant of the past. */
  readonly when: "now" | "then";
  /** Whether the list goes on behind the part that was read. */
  readonly isCut?: boolean;
}

/** The answer in a sentence, ahead of everything that limits it. @param part the person's of the list */
export function verdictText(
  { grants, entries }: Listed,
  { name, isNamed }: AskedPerson,
  { when, isCut = false }: ListKind,
): string {
  const who = visible(name);
  const isNow = when === "now";
  // Nobody asks EKS now: an owner of the cluster may have taken it meanwhile.
  if (grants.some(({ state }) => state === "active"))
    return `By Timelatch's record, ${who} ${isNow ? "has" : "had"} access.`;
  if (entries.some((entry) => gives(entry) && BY_POLICY.has(entry.power)))
    return `${who} ${isNow ? "has standing access by the last reading" : "had standing access by the reading before"}.`;
  if (grants.length > 0 || entries.some(gives))
    return `${who} may have ${isNow ? "" : "had "}access.`;
  const what = isNamed === true ? "access" : "grant";
  const then = isNow ? "" : " at that time";
  return isCut
    ? `Not all was read. What was read has no ${what} of ${who}${then}.`
    : `Timelatch knows of no ${what} of ${who}${then}.`;
}

/** Access policies give these. Roles in the cluster say what groups give, or an entry without either. */
const BY_POLICY: ReadonlySet<string> = new Set<Power>([
  "everything",
  "admin",
  "edit",
  "secrets",
  "view",
]);

/**
 * How far the list can be believed about the person. A role can be assumed by others than those to whom `access.yaml` gives
 * it.
 */
export function personText({ entries }: Listed, { name, isNamed }: AskedPerson): string {
  const others = entries.filter((entry) => gives(entry) && !isHeldBy(entry, name)).length;
  if (isNamed === undefined)
    return `The archive does not say who holds a principal, so the standing access of ${visible(name)} is not known${others === 0 ? "." : `. ${principals(others)}.`}`;
  if (!isNamed)
    return `access.yaml does not name ${visible(name)}, so only grants were looked for. Check the spelling.`;
  return others === 0
    ? ""
    : `${principals(others)} that access.yaml does not give to ${visible(name)}. Whoever may assume one has its access too, and Timelatch does not know who may.`;
}

const principals = (count: number): string =>
  count === 1
    ? "Besides nodes and AWS's own, another principal has an access entry"
    : `Besides nodes and AWS's own, ${count} other principals have access entries`;

/** Whether somebody may get access by the entry. */
const gives = ({ kind, principal }: Listed["entries"][number]): boolean =>
  kind === "ordinary" && principal !== "gone" && principal !== "recreated";

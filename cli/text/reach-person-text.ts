/** One person's part of the list of who can reach a cluster. */
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
  readonly entries: readonly Pick<StandingEntryAnswer, "people" | "kind" | "principal">[];
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

/** The tense of a list: of now, or of an instant of the past. */
export type When = "now" | "then";

/** The answer in a sentence, ahead of everything that limits it. @param part the person's of the list */
export function verdictText(part: Listed, { name, isNamed }: AskedPerson, when: When): string {
  const who = visible(name);
  const isNow = when === "now";
  if (part.grants.some(({ state }) => state === "active"))
    return `${who} ${isNow ? "has" : "had"} access.`;
  if (part.entries.some(gives))
    return `${who} ${isNow ? "has standing access by the last reading" : "had standing access by the reading before"}.`;
  if (part.grants.length > 0) return `${who} may have ${isNow ? "" : "had "}access.`;
  const what = isNamed === true ? "access" : "grant";
  return `Timelatch knows of no ${what} of ${who}${isNow ? "" : " at that time"}.`;
}

/**
 * How far the list can be believed about the person. A role can be assumed by others than those to whom `access.yaml` gives
 * it.
 */
export function personText({ entries }: Listed, { name, isNamed }: AskedPerson): string {
  const others = entries.filter((entry) => gives(entry) && !isHeldBy(entry, name)).length;
  if (isNamed === undefined)
    return `The archive does not say who holds a principal, so the standing access of ${visible(name)} is not known${others === 0 ? "." : `. ${principals(others)} some.`}`;
  if (!isNamed)
    return `access.yaml does not name ${visible(name)}, so only grants were looked for. Check the spelling.`;
  return others === 0
    ? ""
    : `${principals(others)} standing access that access.yaml does not give to ${visible(name)}. Whoever may assume one has it too, and Timelatch does not know who may.`;
}

const principals = (count: number): string =>
  count === 1 ? "Another principal has" : `${count} other principals have`;

/** Whether somebody gets access by the entry. */
const gives = ({ kind, principal }: Listed["entries"][number]): boolean =>
  kind === "ordinary" && principal !== "gone" && principal !== "recreated";

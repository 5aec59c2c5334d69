/** People of `access.yaml` and of services outside who have one e-mail address: proposals, and no more. Pure. */
import type { OUTSIDE_IDS } from "../../domain/facts/on-call-schedule.ts";
import { type AccessPolicy, isMachine } from "../../domain/policy/policy.ts";
import { OutsideFile } from "../../policy-file/schedules-file.ts";

/** The key of a person's id in `outside`. */
export type OutsideKey = (typeof OUTSIDE_IDS)[number];

/** Somebody whom a service knows. */
interface Known {
  readonly id: string;
  readonly email: string | undefined;
}

/** An id that a person has, probably. */
export interface Proposal {
  readonly person: string;
  readonly service: OutsideKey;
  readonly id: string;
}

/** Why somebody without an id is proposed none. */
export interface LeftOut {
  readonly person: string;
  readonly service: OutsideKey;
  /**
   * - `not-found`: nobody there shows this e-mail address
   * - `several-there`: several accounts there have it
   * - `several-here`: several people of the file have it
   * - `taken`: somebody else of the file has the id
   * - `odd-id`: the id has a form that the file does not take
   */
  readonly why: "not-found" | "several-there" | "several-here" | "taken" | "odd-id";
}

export interface Matches {
  readonly proposals: readonly Proposal[];
  readonly leftOut: readonly LeftOut[];
  /** People whose id in the file is another than that of their e-mail address. Nothing is proposed for them. */
  readonly differing: readonly Proposal[];
}

/** E-mail addresses are compared without regard to capitals. Machines have no accounts. */
export function matchPeople(
  { people }: Pick<AccessPolicy, "people">,
  services: ReadonlyMap<OutsideKey, readonly Known[]>,
): Matches {
  const matches = {
    proposals: [] as Proposal[],
    leftOut: [] as LeftOut[],
    differing: [] as Proposal[],
  };
  const members = Object.entries(people).filter(([, member]) => !isMachine(member));
  const here = countOf(members.map(([, { email }]) => folded(email)));
  for (const [service, users] of services) {
    const taken = new Set(Object.values(people).flatMap(({ outside }) => outside?.[service] ?? []));
    for (const [person, { email, outside }] of members) {
      const own = outside?.[service];
      const there = [
        ...new Set(
          users.filter((user) => folded(user.email) === folded(email)).map(({ id }) => id),
        ),
      ];
      const [id] = there;
      if (own !== undefined) {
        if (id !== undefined && there.length === 1 && id !== own)
          matches.differing.push({ person, service, id });
        continue;
      }
      const why =
        whyNot(there, here.get(folded(email)) ?? 0, taken) ??
        (OutsideFile.safeParse({ [service]: id }).success ? undefined : "odd-id");
      if (why) matches.leftOut.push({ person, service, why });
      else if (id !== undefined) matches.proposals.push({ person, service, id });
    }
  }
  return matches;
}

function whyNot(
  there: readonly string[],
  here: number,
  taken: ReadonlySet<string>,
): LeftOut["why"] | undefined {
  const [id, ...others] = there;
  if (id === undefined) return "not-found";
  if (others.length > 0) return "several-there";
  if (here > 1) return "several-here";
  return taken.has(id) ? "taken" : undefined;
}

const folded = (email: string | undefined): string => (email ?? "").trim().toLowerCase();

const countOf = (texts: readonly string[]): ReadonlyMap<string, number> =>
  texts.reduce(
    (counts, text) => counts.set(text, (counts.get(text) ?? 0) + 1),
    new Map<string, number>(),
  );

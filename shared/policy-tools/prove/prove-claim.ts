/** Whether a policy keeps a claim, and the shortest way around it where it does not. Pure. */
import { keptByKey, keptByPolicy } from "../../domain/policy/kept.ts";
import type { AccessPolicy, Member, Person } from "../../domain/policy/policy.ts";
import { holdersOf } from "../../domain/policy/policy-index.ts";
import { memberNamed } from "../rule-uses.ts";
import type { Actors } from "./acting.ts";
import type { Claim, Exception, GroupBounds, ReachClaim } from "./claim.ts";
import { type Looked, type LookedClass, lookedAt } from "./classes.ts";
import { type DecidesBreach, decidingOf, meantBy } from "./decides.ts";
import { type Fewest, fewestFor } from "./fewest.ts";
import { personsOf, surfacesOf } from "./persons.ts";
import { mayCount, type Reaching, setsReaching } from "./sets.ts";
import { lastingLonger, shortestOf } from "./unattended.ts";
import { isAmong, type Way, waysOn } from "./ways.ts";

/** People who bring access about that a claim rules out. */
export interface ReachBreach {
  readonly kind: "reach";
  readonly fewest: Fewest;
  readonly reaching: Reaching;
  /** How long it lasts while nobody but its holder acts, in seconds; undefined where the claim does not ask. */
  readonly unattendedSeconds: number | undefined;
  /** Whether its delegators delegated before, and do nothing today. */
  readonly standing: boolean;
}

export interface Proof {
  /** Undefined where the claim holds. */
  readonly breach: ReachBreach | DecidesBreach | undefined;
  /** Exceptions that excuse nothing: without any of them the claim holds as well. */
  readonly idle: readonly Exception[];
  /** Whether nothing in the policy could ever break it, so that it says nothing. */
  readonly isEmpty: boolean;
  /** The principals, or for `decides` the people, that were looked at. Empty where the claim fails. */
  readonly classes: readonly LookedClass[];
}

export function proveClaim(policy: AccessPolicy, claim: Claim, bounds: GroupBounds): Proof {
  if (claim.kind === "decides") {
    const found = decidingOf(policy, claim);
    const people = meantBy(policy, claim).map(({ name }) => name);
    const classes = found
      ? []
      : people.map((name) => ({ principals: 1, people: [name], rules: [] }));
    return { breach: found, idle: [], isEmpty: false, classes };
  }
  const actors = actorsOf(policy, claim);
  const looked = lookedAt(policy, (principal, ways) => kindOf(policy, actors, principal, ways));
  const breach = breachOf(policy, claim, bounds, "fewest", looked.note);
  const classes = breach ? [] : looked.classes();
  const idle = breach ? [] : claim.except.filter((one) => !excuses(policy, claim, bounds, one));
  return { breach, idle, isEmpty: !breach && isEmpty(policy, claim, bounds), classes };
}

/** Whether a claim that holds does so only because of what Kubernetes groups are assumed to do at most. */
export const holdsByBounds = (policy: AccessPolicy, claim: Claim, bounds: GroupBounds): boolean =>
  claim.kind === "reach" &&
  Object.keys(bounds).length > 0 &&
  breachOf(policy, claim, {}, "any") !== undefined;

/** Whether the claim would fail without this one of its exceptions. */
const excuses = (
  policy: AccessPolicy,
  claim: ReachClaim,
  bounds: GroupBounds,
  one: Exception,
): boolean =>
  breachOf(
    policy,
    { ...claim, except: claim.except.filter((each) => each !== one) },
    bounds,
    "any",
  ) !== undefined;

/** Whether everyone together, without any condition and exception, gets nobody there either. The claim holds. */
function isEmpty(policy: AccessPolicy, claim: ReachClaim, bounds: GroupBounds): boolean {
  const { people, who, without, unattendedSeconds, except } = claim;
  const isBound = [people, who, without, unattendedSeconds, except[0]].some(
    (condition) => condition !== undefined,
  );
  if (!isBound) return true;
  const no = undefined;
  const unbound = { ...claim, people: no, who: no, without: no, unattendedSeconds: no, except: [] };
  return breachOf(policy, unbound, bounds, "any") === undefined;
}

/**
 * @param which any way around the claim, or the one with the fewest people
 * @param note told of each principal that the claim means
 */
export function breachOf(
  policy: AccessPolicy,
  claim: ReachClaim,
  bounds: GroupBounds,
  which: "any" | "fewest" = "fewest",
  note?: Looked["note"],
): ReachBreach | undefined {
  const actors = actorsOf(policy, claim);
  const tried = new Set<string>();
  const isNear = keptByKey(({ part }: Way) => part, mayCount(claim.reach));
  let best: ReachBreach | undefined;
  for (const [principal, all] of waysOn(policy, claim.reach.cluster, claim.except)) {
    if (!isMeant(policy, claim, principal)) continue;
    note?.(principal, all);
    const ways = all.filter(isNear);
    if (ways.length === 0) continue;
    const kind = kindOf(policy, actors, principal, ways);
    if (tried.has(kind)) continue;
    tried.add(kind);
    for (const reaching of setsReaching(claim.reach, ways, bounds)) {
      best = shorter(best, breachBy(policy, claim, actors, reaching));
      // Nobody gets anything without at least one person.
      const isShortest = best?.fewest.people.length === 1 && best.fewest.acts.length === 1;
      if (isShortest || (best && which === "any")) return best;
    }
  }
  return best;
}

/** Those who may act, and how. One of their names among the others leaves a person out. */
function actorsOf(policy: AccessPolicy, { without, standing }: ReachClaim): Actors {
  if (!without) return { isActing: () => true, standing };
  const persons = personsOf(policy);
  const out = new Set(
    Object.keys(policy.people).flatMap((name) => {
      const member = memberNamed(policy, name);
      return member && isAmong(without, member) ? persons.of(name) : [];
    }),
  );
  return { isActing: (name) => !out.has(persons.of(name)), standing };
}

/** Whether somebody whom the claim means ends up with what the principal gets. */
function isMeant(policy: AccessPolicy, { who }: ReachClaim, principal: string): boolean {
  if (!who) return true;
  return endingUpWith(policy, principal).some((member) => isAmong(who, member));
}

/** All who list the principal, or are it. Only IAM knows who may assume a role of yours. */
export const endingUpWith = (policy: AccessPolicy, principal: string): readonly Member[] =>
  [
    ...new Set([
      ...holdersOf(policy, principal),
      ...(peopleByIdentity(policy).get(principal) ?? []),
    ]),
  ].flatMap((name) => memberNamed(policy, name) ?? []);

const peopleByIdentity = keptByPolicy((policy): ReadonlyMap<string, readonly string[]> => {
  const people = new Map<string, string[]>();
  for (const [name, { identities }] of Object.entries(policy.people))
    for (const arn of identities.iam) people.set(arn, [...(people.get(arn) ?? []), name]);
  return people;
});

/** The same for two principals only if a claim means both or neither, and they take the same people. */
export function kindOf(
  policy: AccessPolicy,
  actors: Actors,
  principal: string,
  ways: readonly Way[],
): string {
  const likeness = likenesses(policy);
  const person = (name: string) => `${actors.isActing(name) ? "" : "out "}${likeness(name)}`;
  const lent = ways.map(({ part, requesters }) => `${part} ${requesters.map(person).join()}`);
  return `${lent.join(";")};${holdersOf(policy, principal).map(person).join()}`;
}

/** A number for people who differ only in their names, and for each who has several. Claims ask again and again. */
const likenesses = keptByPolicy((policy) => {
  const persons = personsOf(policy);
  const numbers = new Map<string, number>();
  const numberOf = (description: string): number => {
    const number = numbers.get(description) ?? numbers.size;
    numbers.set(description, number);
    return number;
  };
  return keptByKey(
    (name: string) => name,
    (name: string) =>
      numberOf(
        JSON.stringify([
          memberNamed(policy, name)?.groups.toSorted(),
          policy.people[name]?.machine ?? "",
          surfacesOf(policy.people[name] as Person),
          persons.hasSeveral(name) ? name : "",
        ]),
      ),
  );
});

function breachBy(
  policy: AccessPolicy,
  { people, unattendedSeconds: most, standing }: ReachClaim,
  actors: Actors,
  reaching: Reaching,
): ReachBreach | undefined {
  const { ways } = reaching;
  const wanted = most === undefined ? ways : lastingLonger(policy, ways, most);
  const fewest = fewestFor(policy, wanted, actors, people);
  if (!fewest) return undefined;
  const unattendedSeconds = most === undefined ? undefined : shortestOf(policy, fewest.acts);
  return { kind: "reach", fewest, reaching, unattendedSeconds, standing };
}

/** The one with fewer people, then with fewer grants. */
function shorter(
  one: ReachBreach | undefined,
  other: ReachBreach | undefined,
): ReachBreach | undefined {
  if (!one || !other) return one ?? other;
  const [a, b] = [one.fewest, other.fewest];
  const isBetter =
    b.people.length < a.people.length ||
    (b.people.length === a.people.length && b.acts.length < a.acts.length);
  return isBetter ? other : one;
}

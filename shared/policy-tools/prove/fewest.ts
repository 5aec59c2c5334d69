/** The fewest people who can bring grants about together: who asks for each, and who approves it. */
import { mayBeDelegate } from "../../domain/policy/delegated.ts";
import { type AccessPolicy, type Member, memberOf, type Rule } from "../../domain/policy/policy.ts";
import type { Requirement } from "../../domain/requests/request.ts";
import { approverGroups } from "../../domain/requests/requirement.ts";
import { groupMembers, holdsPrincipal } from "../group-members.ts";
import { canDecide } from "../rule-approval.ts";
import { isKnown, type Persons, personsOf } from "./persons.ts";

/** A grant that somebody has to bring about. */
export interface Wanted {
  readonly rule: Rule;
  readonly principal: string;
  /** People who could ask for it, by name. */
  readonly requesters: readonly string[];
}

/** The approver, and the delegator where somebody delegated to them. */
interface Approving {
  readonly name: string;
  readonly onBehalfOf?: string;
}

/** One way to bring a grant about. */
export interface Act {
  readonly wanted: Wanted;
  readonly requester: string;
  readonly approving: readonly Approving[];
}

export interface Fewest {
  readonly acts: readonly Act[];
  /** The people who act, each person once by the first of their names. */
  readonly people: readonly string[];
}

export interface Actors {
  /** Whether a name of the file may act at all. */
  readonly isActing: (name: string) => boolean;
  /** Whether delegators who do nothing today lend their standing. */
  readonly standing: boolean;
}

/** Everyone acts, and delegates nothing beforehand. */
const EVERYONE: Actors = { isActing: () => true, standing: false };

/**
 * @param most how many people may act
 * @returns undefined where no people can bring all of them about, or not so few
 */
export function fewestFor(
  policy: AccessPolicy,
  wanted: readonly Wanted[],
  actors: Actors = EVERYONE,
  most = Number.POSITIVE_INFINITY,
): Fewest | undefined {
  const persons = personsOf(policy);
  const kind = kindsAmong(policy, persons, wanted);
  const search: Search = { policy, actors, persons, kind, most, best: undefined };
  nextGrant(search, wanted, { acts: [], people: new Set() });
  return search.best;
}

interface Search {
  readonly policy: AccessPolicy;
  readonly actors: Actors;
  readonly persons: Persons;
  /** The same for two names only if one may stand for the other. */
  readonly kind: (name: string, groups: readonly string[]) => string;
  readonly most: number;
  best: Fewest | undefined;
}

interface Chosen {
  readonly acts: readonly Act[];
  readonly people: ReadonlySet<string>;
}

const isWorse = ({ best, most }: Search, people: ReadonlySet<string>): boolean =>
  people.size > most || (best !== undefined && people.size >= best.people.length);

/** Chooses who asks for the next grant, one of each kind of requester. */
function nextGrant(search: Search, wanted: readonly Wanted[], chosen: Chosen): void {
  if (isWorse(search, chosen.people)) return;
  const [first, ...rest] = wanted;
  if (!first) {
    search.best = { acts: chosen.acts, people: [...chosen.people] };
    return;
  }
  const { isActing } = search.actors;
  const tried = new Set<string>();
  for (const requester of first.requesters.filter(isActing)) {
    const person = search.persons.of(requester);
    const voices = voicesFor(search, first, requester);
    const seats = first.rule.approval.flatMap((need) => Array<Requirement>(need.count).fill(need));
    const own = search.kind(requester, memberOf(search.policy, requester)?.groups ?? []);
    const kind = `${chosen.people.has(person)} ${own} ${kindsOf(voices, seats.length)}`;
    if (tried.has(kind)) continue;
    tried.add(kind);
    const people = new Set([...chosen.people, person]);
    const seated = (approving: readonly Approving[], all: ReadonlySet<string>) =>
      nextGrant(search, rest, {
        acts: [...chosen.acts, { wanted: first, requester, approving }],
        people: all,
      });
    nextSeat(search, seats, { voices, used: new Set(), approving: [], people }, seated);
  }
}

/** A voice, which can fill a place, with the groups that it counts for. */
interface Voice extends Approving {
  readonly names: readonly string[];
  readonly groups: readonly string[];
  /** The people who act for it, by the first of their names. */
  readonly people: readonly string[];
  /** The same for two voices only if one may stand for the other. */
  readonly kind: string;
}

interface Table {
  readonly voices: readonly Voice[];
  readonly used: ReadonlySet<string>;
  readonly approving: readonly Approving[];
  readonly people: ReadonlySet<string>;
}

function nextSeat(
  search: Search,
  seats: readonly Requirement[],
  table: Table,
  done: (approving: readonly Approving[], people: ReadonlySet<string>) => void,
): void {
  if (isWorse(search, table.people)) return;
  const [need, ...rest] = seats;
  if (!need) {
    done(table.approving, table.people);
    return;
  }
  const groups = approverGroups(need);
  const tried = new Set<string>();
  for (const voice of table.voices) {
    const isAble = voice.groups.some((group) => groups.includes(group));
    if (!isAble || voice.names.some((name) => table.used.has(name))) continue;
    // Somebody who acts already costs nothing more.
    const isThere = voice.people.every((person) => table.people.has(person));
    const kind = isThere ? `there ${voice.kind}` : voice.kind;
    if (tried.has(kind)) continue;
    tried.add(kind);
    const { name, onBehalfOf } = voice;
    const approving = { name, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) };
    const next = {
      voices: table.voices,
      used: new Set([...table.used, ...voice.names]),
      approving: [...table.approving, approving],
      people: new Set([...table.people, ...voice.people]),
    };
    nextSeat(search, rest, next, done);
  }
}

/** How many voices of each kind there are, as far as places could take them. */
const kindsOf = (voices: readonly Voice[], most: number): string =>
  JSON.stringify(
    [...Map.groupBy(voices, ({ kind }) => kind)]
      .map(([kind, all]) => [kind, Math.min(all.length, most)])
      .toSorted(),
  );

/** Everyone whose approval could count for the grant, as themselves or for a delegator. */
function voicesFor(search: Search, wanted: Wanted, requester: string): readonly Voice[] {
  const { policy, actors, persons } = search;
  const { rule, principal } = wanted;
  const isParty = (name: string) =>
    name === requester ||
    (!rule.approverMayHoldPrincipal && holdsPrincipal(policy, name, principal));
  const members = groupMembers(policy, rule.approval.flatMap(approverGroups))
    .filter((name) => !isParty(name))
    .flatMap((name) => memberOf(policy, name) ?? []);
  const { kind } = search;
  const own = members
    .filter((member) => actors.isActing(member.name) && canDecide(policy, rule, member))
    .map((member): Voice => {
      const people = [persons.of(member.name)];
      const { name, groups } = member;
      return { name, names: [name], groups, people, kind: kind(name, groups) };
    });
  return [...own, ...delegatedVoices(search, wanted, members, isParty)];
}

/**
 * Delegators act by delegating. So a delegate saves nobody, unless the delegator did so before, or can decide on no
 * surface of the rule themselves.
 */
function delegatedVoices(
  { policy, actors, persons, kind }: Search,
  { rule }: Wanted,
  members: readonly Member[],
  isParty: (name: string) => boolean,
): readonly Voice[] {
  if (!policy.delegations || !rule.delegable) return [];
  const delegators = actors.standing
    ? members
    : members.filter(
        (member) =>
          actors.isActing(member.name) && !canDecide(policy, rule, member) && isKnown(member),
      );
  if (delegators.length === 0) return [];
  const delegates = Object.keys(policy.people)
    .filter((name) => !isParty(name) && actors.isActing(name))
    .flatMap((name) => memberOf(policy, name) ?? [])
    .filter((member) => mayBeDelegate(policy, member) && canDecide(policy, rule, member));
  const seats = rule.approval.reduce((sum, { count }) => sum + count, 0);
  // Among people who are all the same here, more than there are places add nothing.
  const some = [...Map.groupBy(delegates, ({ name }) => kind(name, [])).values()].flatMap((all) =>
    all.slice(0, seats + 1),
  );
  return delegators.flatMap((delegator) =>
    some
      .filter(({ name }) => name !== delegator.name)
      .map(({ name }): Voice => {
        const acting = actors.standing ? [name] : [delegator.name, name];
        return {
          ...{ name, onBehalfOf: delegator.name, names: [name, delegator.name] },
          ...{ groups: delegator.groups, people: [...new Set(acting.map(persons.of))] },
          kind: `for ${kind(delegator.name, delegator.groups)} by ${kind(name, [])}`,
        };
      }),
  );
}

/** People are of one kind who may ask for the same grants and fill the same places, unless they have several names. */
function kindsAmong(policy: AccessPolicy, persons: Persons, wanted: readonly Wanted[]) {
  const needs = wanted.flatMap(({ rule }) => rule.approval.map(approverGroups));
  const kept = new Map<string, string>();
  return (name: string, groups: readonly string[]): string => {
    const key = `${name} ${groups.join()}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const kind = JSON.stringify([
      needs.map((able) => able.some((group) => groups.includes(group))),
      wanted.map(({ requesters, principal }) => [
        requesters.includes(name),
        holdsPrincipal(policy, name, principal),
      ]),
      persons.hasSeveral(name) ? name : "",
    ]);
    kept.set(key, kind);
    return kind;
  };
}

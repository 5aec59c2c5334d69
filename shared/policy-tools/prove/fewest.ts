/** The fewest people who can bring grants about together: who asks for each, and who approves it. */
import { keptByKey } from "../../domain/policy/kept.ts";
import { type AccessPolicy, isMachine } from "../../domain/policy/policy.ts";
import type { Requirement } from "../../domain/requests/request.ts";
import { approverGroups } from "../../domain/requests/requirement.ts";
import { holdsPrincipal } from "../group-members.ts";
import { ruleFor } from "../rule-approval.ts";
import { memberNamed } from "../rule-uses.ts";
import {
  type Actors,
  type Approving,
  handsOf,
  type Scene,
  type Voice,
  voicesFor,
  type Wanted,
} from "./acting.ts";
import { type Persons, personsOf } from "./persons.ts";

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

/** Everyone acts, and delegates nothing beforehand. */
export const EVERYONE: Actors = { isActing: () => true, standing: false };

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

interface Search extends Scene {
  readonly most: number;
  best: Fewest | undefined;
}

interface Chosen {
  readonly acts: readonly Act[];
  readonly people: ReadonlySet<string>;
}

const isWorse = ({ best, most }: Search, people: number): boolean =>
  people > most || (best !== undefined && people >= best.people.length);

/** Chooses who asks for the next grant, one of each kind of requester. */
function nextGrant(search: Search, wanted: readonly Wanted[], chosen: Chosen): void {
  if (isWorse(search, chosen.people.size)) return;
  const [first, ...rest] = wanted;
  if (!first) {
    search.best = { acts: chosen.acts, people: [...chosen.people] };
    return;
  }
  const { isActing } = search.actors;
  const tried = new Set<string>();
  const hands = first.requesters.filter(isActing).flatMap(handsOf(search));
  for (const { requester, person } of hands) {
    const member = memberNamed(search.policy, requester);
    const rule = member ? ruleFor(search.policy, first.rule, member) : first.rule;
    const voices = voicesFor(search, { ...first, rule }, requester);
    const seats = rule.approval.flatMap((need) => Array<Requirement>(need.count).fill(need));
    if (hands.length > 1) {
      const isSame =
        member !== undefined && isMachine(member)
          ? `${requester} ${person}`
          : search.kind(requester, member?.groups ?? []);
      const kind = `${chosen.people.has(person)} ${isSame} ${kindsOf(voices, seats.length)}`;
      if (tried.has(kind)) continue;
      tried.add(kind);
    }
    const people = new Set([...chosen.people, person]);
    const seated = (approving: readonly Approving[], all: ReadonlySet<string>) =>
      nextGrant(search, rest, {
        acts: [...chosen.acts, { wanted: first, requester, approving }],
        people: all,
      });
    nextSeat(search, seats, { voices, used: new Set(), approving: [], people }, seated);
  }
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
    const more = voice.people.filter((person) => !table.people.has(person));
    if (isWorse(search, table.people.size + more.length)) continue;
    const kind = more.length === 0 ? `there ${voice.kind()}` : voice.kind();
    if (tried.has(kind)) continue;
    tried.add(kind);
    const { name, onBehalfOf } = voice;
    const approving = { name, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) };
    const next = {
      voices: table.voices,
      used: new Set([...table.used, ...voice.names]),
      approving: [...table.approving, approving],
      people: new Set([...table.people, ...more]),
    };
    nextSeat(search, rest, next, done);
  }
}

/** How many voices of each kind there are, as far as places could take them. */
const kindsOf = (voices: readonly Voice[], most: number): string =>
  JSON.stringify(
    [...Map.groupBy(voices, ({ kind }) => kind())]
      .map(([kind, all]) => [kind, Math.min(all.length, most)])
      .toSorted(),
  );

/** People are of one kind who may ask for the same grants and fill the same places, unless they have several names. */
function kindsAmong(policy: AccessPolicy, persons: Persons, wanted: readonly Wanted[]) {
  const needs = wanted.flatMap(({ rule }) => rule.approval.map(approverGroups));
  const bit = (is: boolean) => (is ? "1" : "0");
  const ownKind = (name: string): string =>
    [
      ...wanted.flatMap(({ requesters, principal }) => [
        bit(requesters.includes(name)),
        bit(holdsPrincipal(policy, name, principal)),
      ]),
      persons.hasSeveral(name) ? name : "",
    ].join(" ");
  const kept = keptByKey((name: string) => name, ownKind);
  return (name: string, groups: readonly string[]): string => {
    const able = needs.map((need) => bit(need.some((group) => groups.includes(group))));
    return `${able.join("")} ${kept(name)}`;
  };
}

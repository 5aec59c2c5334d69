/**
 * Access that is lent on other terms in another policy. Two policies mostly say the same, and may
 * have thousands of people and rules. So only what a changed rule covers is looked at, person by
 * person.
 */
import type { AccessPolicy, Rule } from "../../domain/policy/policy.ts";
import { patternCovers } from "../../domain/values/namespace-pattern.ts";
import {
  isSameLending,
  isSamePlace,
  type LentPlace,
  type LentRule,
  lentTo,
  offerAt,
  termsText,
} from "./lent-rules.ts";
import { covers, type Offer, partsOf, type Subject } from "./offers.ts";

/** A subject with its offers in both policies. The first decides, unless a request names another. */
export interface ChangedSubject {
  readonly subject: Subject;
  readonly before: readonly Offer[];
  readonly after: readonly Offer[];
  /**
   * For namespaces that only one policy lends: names and patterns in them that the other lends too.
   */
  readonly within: readonly string[];
}

/** Sorted by person, cluster, kind, access and place. */
export function changedSubjects(
  before: AccessPolicy,
  after: AccessPolicy,
): readonly ChangedSubject[] {
  const people = new Set([...Object.keys(before.people), ...Object.keys(after.people)]);
  return [...people]
    .flatMap((person) => changesFor(person, lentTo(before, person), lentTo(after, person)))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function changesFor(person: string, before: readonly LentRule[], after: readonly LentRule[]) {
  return [...subjectsOf(person, before, after)].flatMap(([key, subject]) => {
    const [was, is] = [coveringOf(before, subject), coveringOf(after, subject)];
    if (isSameCovering(was, is)) return [];
    // Where only one side lends something, parts of the other side are of interest.
    const within = is.length === 0 ? after : was.length === 0 ? before : [];
    return [
      {
        key,
        subject,
        before: offersOf(was),
        after: offersOf(is),
        within: placesIn(subject, within),
      },
    ];
  });
}

/** Everything that a touched rule covers, of all that is lent to a person in either policy. */
function subjectsOf(person: string, before: readonly LentRule[], after: readonly LentRule[]) {
  const touched = touchedRules(before, after);
  const subjects = new Map<string, Subject>();
  if (touched.length === 0) return subjects;
  for (const { rule, places } of [...before, ...after])
    for (const part of partsOf(rule).filter((each) => touched.some((one) => covers(one, each))))
      for (const { cluster, clusterArn } of places) {
        const { kind, what, where } = part;
        const key = JSON.stringify([person, clusterArn, kind, what, where]);
        subjects.set(key, { person, cluster, clusterArn, ...part });
      }
  return subjects;
}

/** Rules that lend a person something else in the other policy; all, where the order is another. */
function touchedRules(before: readonly LentRule[], after: readonly LentRule[]): readonly Rule[] {
  const [old, now] = [byName(before), byName(after)];
  const isKept = (lent: LentRule, others: ReadonlyMap<string, LentRule>) =>
    isSameLending(lent, others.get(lent.rule.name));
  const was = partition(before, (lent) => isKept(lent, now));
  const is = partition(after, (lent) => isKept(lent, old));
  const isMoved = was.kept.some(({ name }, at) => name !== is.kept[at]?.name);
  return isMoved ? [...before, ...after].map(({ rule }) => rule) : [...was.touched, ...is.touched];
}

function partition(lent: readonly LentRule[], isKept: (one: LentRule) => boolean) {
  const kept: Rule[] = [];
  const touched: Rule[] = [];
  for (const one of lent) (isKept(one) ? kept : touched).push(one.rule);
  return { kept, touched };
}

const byName = (lent: readonly LentRule[]): ReadonlyMap<string, LentRule> =>
  new Map(lent.map((one) => [one.rule.name, one]));

type Covering = readonly (readonly [Rule, LentPlace])[];

/** The rules that lend all of a subject, with the cluster. */
const coveringOf = (lent: readonly LentRule[], subject: Subject): Covering =>
  lent.flatMap(({ rule, places }) => {
    const place = places.find(({ clusterArn }) => clusterArn === subject.clusterArn);
    return place && covers(rule, subject) ? [[rule, place] as const] : [];
  });

const isSameCovering = (was: Covering, is: Covering): boolean =>
  was.length === is.length &&
  was.every(([rule, place], at) => {
    const [other, there] = is[at] ?? [];
    return other !== undefined && isSamePlace(place, there) && termsText(rule) === termsText(other);
  });

const offersOf = (covering: Covering): readonly Offer[] =>
  covering.map(([rule, place]) => offerAt(rule, place));

/** The namespaces and patterns inside of a subject that are lent, and otherwise the same. */
const placesIn = ({ clusterArn, kind, what, where }: Subject, lent: readonly LentRule[]) =>
  kind !== "namespace"
    ? []
    : [
        ...new Set(
          lent
            .filter(({ places }) => places.some((place) => place.clusterArn === clusterArn))
            .flatMap(({ rule }) => partsOf(rule))
            .filter(
              (part) =>
                part.kind === kind && part.what === what && patternCovers(where, part.where),
            )
            .map((part) => part.where),
        ),
      ].toSorted();

/** Who gains and who loses what by a change of the policy, and what it does to IAM. */
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { canonicalJson } from "../../domain/values/canonical-json.ts";
import { patternCovers } from "../../domain/values/namespace-pattern.ts";
import { type GrantorRight, grantorRights } from "./grantor-rights.ts";
import { type Offer, offersOf, type Subject, type Subjects, subjectsOf } from "./offers.ts";
import { type Standing, standingOf } from "./standing.ts";

export interface Comparison {
  /** Whether the two are the same but for comments, order of keys and form. */
  readonly same: boolean;
  /** Subjects that nobody lent the person before, and now somebody does, and the reverse. */
  readonly lending: Sides<Lending>;
  /** Subjects that are lent before and after, on other terms. */
  readonly terms: readonly TermsChange[];
  readonly standing: Sides<Standing>;
  readonly iam: Sides<GrantorRight>;
}

interface Sides<Item> {
  readonly gained: readonly Item[];
  readonly lost: readonly Item[];
}

export interface Lending extends Subject {
  /** In the order in which the rules are tried: the first decides, unless a request names another. */
  readonly offers: readonly Offer[];
  /** Namespaces and patterns in `where` that are lent on the other side too. */
  readonly within: readonly string[];
}

export interface TermsChange extends Subject {
  readonly before: readonly Offer[];
  readonly after: readonly Offer[];
}

/** Pure. Turned round, what is gained is lost, and what was before comes after. */
export function comparePolicies(before: AccessPolicy, after: AccessPolicy): Comparison {
  const [old, now] = [subjectsOf(before), subjectsOf(after)];
  const changes = [...new Map([...old, ...now])]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, subject]) => ({
      ...subject,
      before: offersOf(before, subject),
      after: offersOf(after, subject),
    }))
    .filter((change) => canonicalJson(change.before) !== canonicalJson(change.after));
  return {
    same: before.hash === after.hash,
    lending: {
      gained: changes
        .filter((change) => change.before.length === 0)
        .map((change) => lendingOf(change, change.after, old)),
      lost: changes
        .filter((change) => change.after.length === 0)
        .map((change) => lendingOf(change, change.before, now)),
    },
    terms: changes.filter((change) => change.before.length > 0 && change.after.length > 0),
    standing: sidesOf(standingOf(before), standingOf(after)),
    iam: sidesOf(grantorRights(before), grantorRights(after)),
  };
}

const lendingOf = (
  { before: _before, after: _after, ...subject }: TermsChange,
  offers: readonly Offer[],
  others: Subjects,
): Lending => ({ ...subject, offers, within: placesIn(subject, others) });

/** The places of other subjects that are inside of one, and otherwise the same. */
const placesIn = (subject: Subject, others: Subjects): readonly string[] =>
  subject.kind !== "namespace"
    ? []
    : [...others.values()]
        .filter(
          ({ person, clusterArn, kind, what, where }) =>
            person === subject.person &&
            clusterArn === subject.clusterArn &&
            kind === subject.kind &&
            what === subject.what &&
            patternCovers(subject.where, where),
        )
        .map(({ where }) => where)
        .toSorted();

function sidesOf<Item>(before: readonly Item[], after: readonly Item[]): Sides<Item> {
  return { gained: without(after, before), lost: without(before, after) };
}

/** Items that another list has not, each once. */
function without<Item>(items: readonly Item[], others: readonly Item[]): readonly Item[] {
  const known = new Set(others.map(canonicalJson));
  return items.filter((item) => {
    const key = canonicalJson(item);
    const isNew = !known.has(key);
    known.add(key);
    return isNew;
  });
}

/** Gains and losses of each person by a change of the policy, and what it does to IAM. */
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { groupAccounts, NO_ASSEMBLY } from "../../policy-file/assembly-record.ts";
import { type Aftermath, aftermathOf } from "./aftermath.ts";
import { changedSubjects } from "./changed-subjects.ts";
import { type GrantorRight, grantorRights } from "./grantor-rights.ts";
import type { Offer, Subject } from "./offers.ts";
import { type PolicyFact, policyFacts } from "./policy-facts.ts";

export interface Comparison {
  /** Whether the two are the same but for comments, order of keys and form. */
  readonly same: boolean;
  /** Subjects that nobody lent the person before, and now somebody does, and the reverse. */
  readonly lending: Sides<Lending>;
  /** Subjects that are lent before and after, on other terms. */
  readonly terms: readonly TermsChange[];
  readonly standing: Sides<PolicyFact>;
  readonly iam: Sides<GrantorRight>;
  /** The fate of access that is lent already. */
  readonly lent: readonly Aftermath[];
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

/**
 * Pure. Turned round, what is gained is lost, and what was before comes after. But an account keeps its role
 * for Kubernetes groups, which is in `iam`.
 */
export function comparePolicies(before: AccessPolicy, after: AccessPolicy): Comparison {
  const changes = changedSubjects(before, after);
  const groups = groupAccounts(before, NO_ASSEMBLY);
  return {
    same: before.hash === after.hash,
    lending: {
      gained: changes
        .filter((change) => change.before.length === 0)
        .map(({ subject, after: offers, within }) => ({ ...subject, offers, within })),
      lost: changes
        .filter((change) => change.after.length === 0)
        .map(({ subject, before: offers, within }) => ({ ...subject, offers, within })),
    },
    terms: changes
      .filter((change) => change.before.length > 0 && change.after.length > 0)
      .map(({ subject, before: was, after: is }) => ({ ...subject, before: was, after: is })),
    standing: sidesOf(policyFacts(before, after), policyFacts(after, before)),
    iam: sidesOf(
      grantorRights(before, groups),
      grantorRights(after, groupAccounts(after, { groups })),
    ),
    lent: aftermathOf(before, after, changes),
  };
}

/** Items by a key that is the same in another policy. */
type Keyed<Item> = ReadonlyMap<string, Item>;

const sidesOf = <Item>(before: Keyed<Item>, after: Keyed<Item>): Sides<Item> => ({
  gained: without(after, before),
  lost: without(before, after),
});

const without = <Item>(items: Keyed<Item>, others: Keyed<Item>): readonly Item[] =>
  [...items].filter(([key]) => !others.has(key)).map(([, item]) => item);

/** Access that the rules of a policy lend a person, each on its clusters. */
import type { AccessPolicy, Rule } from "../../domain/policy/policy.ts";
import { canonicalJson } from "../../domain/values/canonical-json.ts";
import { canBeApproved } from "../rule-approval.ts";
import { memberNamed, principalsUnder, rulesTriedFor } from "../rule-uses.ts";
import { type Offer, offerOf } from "./offers.ts";

/** A rule that lends a person something. */
export interface LentRule {
  readonly rule: Rule;
  /** At least one. */
  readonly places: readonly LentPlace[];
}

/** A cluster on which a rule lends a person something. */
export interface LentPlace {
  readonly cluster: string;
  readonly clusterArn: string;
  /** The person's principals that the rule lends to. */
  readonly principals: readonly string[];
  /** Whether there are enough people who could approve, for each of the principals. */
  readonly approvable: boolean;
}

/** In the order in which the rules are tried; nothing for somebody who is not in the policy. */
export function lentTo(policy: AccessPolicy, person: string): readonly LentRule[] {
  const member = memberNamed(policy, person);
  if (!member) return [];
  return rulesTriedFor(policy, member).flatMap((rule) => {
    const places = rule.clusters.flatMap((cluster): readonly LentPlace[] => {
      const principals = principalsUnder(policy, rule, member, cluster);
      const clusterArn = policy.clusters[cluster]?.arn ?? "";
      const approvable = principals.every((arn) => canBeApproved(policy, rule, member, arn));
      return principals.length === 0 ? [] : [{ cluster, clusterArn, principals, approvable }];
    });
    return places.length === 0 ? [] : [{ rule, places }];
  });
}

/** The terms of a rule on a cluster. */
export const offerAt = (rule: Rule, { principals, approvable }: LentPlace): Offer => ({
  ...offerOf(rule),
  approvable,
  principals: principals.toSorted(),
});

/** A text that is the same for two rules only if their terms are, whatever they lend. */
export function termsText(rule: Rule): string {
  const text = TERMS.get(rule) ?? canonicalJson(offerOf(rule));
  TERMS.set(rule, text);
  return text;
}

/** A rule is asked once for each of its people. */
const TERMS = new WeakMap<Rule, string>();

/** The same for what a rule lends. */
function accessText(rule: Rule): string {
  const text = ACCESS.get(rule) ?? canonicalJson(rule.access);
  ACCESS.set(rule, text);
  return text;
}

const ACCESS = new WeakMap<Rule, string>();

/** Whether a rule lends a person the same in two policies, but for the names of clusters. */
export const isSameLending = (one: LentRule, other: LentRule | undefined): boolean =>
  other !== undefined &&
  one.places.length === other.places.length &&
  one.places.every((place, at) => isSamePlace(place, other.places[at])) &&
  termsText(one.rule) === termsText(other.rule) &&
  accessText(one.rule) === accessText(other.rule);

/** Whether two places are one cluster and one set of principals, with the same who could approve. */
export const isSamePlace = (one: LentPlace, other: LentPlace | undefined): boolean =>
  one.clusterArn === other?.clusterArn &&
  one.approvable === other.approvable &&
  one.principals.length === other.principals.length &&
  one.principals.every((arn) => other.principals.includes(arn));

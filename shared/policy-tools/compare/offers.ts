/** What a policy lends whom on which terms. */
import { inOrderTried } from "../../domain/policy/eligibility.ts";
import {
  type AccessPolicy,
  type Member,
  memberOf,
  type Rule,
  type RuleReview,
} from "../../domain/policy/policy.ts";
import { rulesFor } from "../../domain/policy/policy-index.ts";
import { lendsNamespace } from "../../domain/policy/rule-access.ts";
import { hasWildcard, patternCovers } from "../../domain/values/namespace-pattern.ts";
import { canBeApproved } from "../approval-findings.ts";
import { principalsUnder } from "../usable-rules.ts";

/** What one request can be about, at its widest. */
export interface Subject {
  readonly person: string;
  readonly cluster: string;
  readonly clusterArn: string;
  /** An access policy, or a Kubernetes group. */
  readonly what: string;
  /** A namespace or a pattern; for other access the kind alone. */
  readonly where: string;
  readonly kind: "group" | "cluster" | "namespace";
}

/** The terms on which one rule lends a subject. */
export interface Offer {
  readonly rule: string;
  readonly maxSeconds: number;
  readonly defaultSeconds: number | null;
  readonly hours: Rule["hours"];
  readonly atMost: Rule["atMost"];
  /** Null where no grant can be extended. */
  readonly extend: NonNullable<Rule["extend"]> | null;
  readonly startLatestSeconds: number;
  readonly lapseSeconds: number;
  readonly approval: Rule["approval"];
  /** Whether there are enough people who could approve. */
  readonly approvable: boolean;
  readonly reason: Rule["reason"];
  readonly breakGlass: boolean;
  readonly review: RuleReview | undefined;
  readonly decideIn: Rule["decideIn"];
  /** Whether a request may ask for the pattern as a whole. */
  readonly wildcards: boolean;
  readonly principals: readonly string[];
}

/** Subjects by a key that is the same in another policy. */
export type Subjects = ReadonlyMap<string, Subject>;

/** Everything that the rules of a policy lend, as they write it. */
export const subjectsOf = (policy: AccessPolicy): Subjects =>
  new Map(
    Object.keys(policy.people)
      .flatMap((name) => memberOf(policy, name) ?? [])
      .flatMap((member) =>
        rulesFor(policy, member).flatMap((rule) => subjectsUnder(policy, rule, member)),
      )
      .map((subject) => [keyOf(subject), subject]),
  );

const keyOf = ({ person, clusterArn, kind, what, where }: Subject) =>
  JSON.stringify([person, clusterArn, kind, what, where]);

const subjectsUnder = (policy: AccessPolicy, rule: Rule, member: Member): readonly Subject[] =>
  rule.clusters
    .filter((cluster) => principalsUnder(policy, rule, member, cluster).length > 0)
    .flatMap((cluster) => {
      const on = {
        person: member.name,
        cluster,
        clusterArn: policy.clusters[cluster]?.arn ?? "",
      };
      return partsOf(rule).map((part) => ({ ...on, ...part }));
    });

type Part = Pick<Subject, "what" | "where" | "kind">;

function partsOf({ access }: Rule): readonly Part[] {
  if ("groups" in access)
    return access.groups.map((what) => ({ what, where: "", kind: "group" as const }));
  if ("scope" in access)
    return access.policies.map((what) => ({ what, where: "", kind: "cluster" as const }));
  return access.policies.flatMap((what) =>
    access.namespaces.map((where) => ({ what, where, kind: "namespace" as const })),
  );
}

/** The terms on which a policy lends all of a subject, in the order in which its rules are tried. */
export function offersOf(policy: AccessPolicy, subject: Subject): readonly Offer[] {
  const member = memberOf(policy, subject.person);
  if (!member) return [];
  return inOrderTried(rulesFor(policy, member))
    .filter((rule) => covers(rule, subject))
    .flatMap((rule) => {
      const cluster = rule.clusters.find(
        (name) => policy.clusters[name]?.arn === subject.clusterArn,
      );
      const principals = cluster ? principalsUnder(policy, rule, member, cluster) : [];
      return principals.length === 0 ? [] : [offerOf(policy, rule, member, principals)];
    });
}

function covers({ access }: Rule, { kind, what, where }: Subject): boolean {
  if ("groups" in access) return kind === "group" && access.groups.includes(what);
  if (kind === "group" || !access.policies.includes(what)) return false;
  if ("scope" in access) return kind === "cluster";
  return (
    kind === "namespace" &&
    access.namespaces.some(
      (pattern) =>
        pattern === where ||
        (hasWildcard(where) ? patternCovers(pattern, where) : lendsNamespace(pattern, true, where)),
    )
  );
}

const offerOf = (
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  principals: readonly string[],
): Offer => ({
  rule: rule.name,
  maxSeconds: rule.duration.maxSeconds,
  defaultSeconds: rule.duration.defaultSeconds,
  hours: rule.hours,
  atMost: rule.atMost,
  extend: rule.extend ?? null,
  startLatestSeconds: rule.startLatestSeconds,
  lapseSeconds: rule.lapseSeconds,
  approval: rule.approval,
  approvable: principals.every((arn) => canBeApproved(policy, rule, member, arn)),
  reason: rule.reason,
  breakGlass: rule.breakGlass,
  review: rule.review,
  decideIn: rule.decideIn,
  wildcards: "namespaces" in rule.access && rule.access.wildcards,
  principals: principals.toSorted(),
});

/**
 * Whether the policy lets a person borrow what they ask for. The same code decides at the request,
 * at each approval, and when access starts.
 */
import { describeAccess } from "../requests/access-text.ts";
import type { Access } from "../requests/request.ts";
import { clusterOf, isGrantorRole, isServiceLinkedRole, parsePrincipalArn } from "../values/arn.ts";
import { formatDuration } from "../values/duration.ts";
import {
  hasWildcard,
  isNamespacePattern,
  patternCovers,
  reachesSystem,
} from "../values/namespace-pattern.ts";
import { type AccessPolicy, clusterNamed, type Member, matchesWho, type Rule } from "./policy.ts";
import { holdersOf, ruleNamed, rulesFor } from "./policy-index.ts";

/** What is asked for. */
export interface Terms {
  readonly cluster: string;
  readonly access: Access;
  readonly principalArn: string;
  /** Null for the rule's default. */
  readonly durationSeconds: number | null;
  readonly reason: string;
}

/** One objection: a stable code, and a sentence for people. */
export interface Objection {
  readonly code:
    | "not-for-you"
    | "other-cluster"
    | "other-access"
    | "too-long"
    | "reason-too-short"
    | "ticket-missing"
    | "principal-not-yours"
    | "principal-shared"
    | "principal-foreign"
    | "principal-reserved"
    | "cluster-retired"
    | "unknown-rule";
  readonly detail: string;
}

/** Why a rule does not allow the terms; empty if it does. Pure. */
export function objectionsTo(
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  terms: Terms,
): readonly Objection[] {
  const objections: Objection[] = [];
  const object = (when: boolean, code: Objection["code"], detail: string) => {
    if (when) objections.push({ code, detail });
  };
  const cluster = clusterNamed(policy, terms.cluster);
  const principal = parsePrincipalArn(terms.principalArn);
  const holders = holdersOf(policy, terms.principalArn);
  object(!matchesWho(rule.who, member), "not-for-you", `${rule.name} is not for ${member.name}.`);
  object(
    !cluster || !rule.clusters.includes(terms.cluster),
    "other-cluster",
    `${rule.name} is for ${rule.clusters.join(", ")}, not for ${terms.cluster}.`,
  );
  object(
    cluster?.retired === true,
    "cluster-retired",
    `${terms.cluster} is retired, so no new access is granted there.`,
  );
  object(
    !lends(rule, terms.access),
    "other-access",
    `${rule.name} lends ${describeRuleAccess(rule)}, but you asked for ${describeAccess(terms.access)}.`,
  );
  object(
    durationUnder(rule, terms) > rule.duration.maxSeconds,
    "too-long",
    `${rule.name} lends for at most ${formatDuration(rule.duration.maxSeconds)}.`,
  );
  object(
    !isLongEnough(terms.reason, rule.reason.minLength),
    "reason-too-short",
    `${rule.name} requires a reason of at least ${rule.reason.minLength} characters.`,
  );
  const { ticket } = rule.reason;
  object(
    ticket !== null && !namesTicket(terms.reason, ticket),
    "ticket-missing",
    `${rule.name} requires a ticket in the reason that matches ${ticket}.`,
  );
  object(
    !principal || !member.principals.includes(terms.principalArn),
    "principal-not-yours",
    `${terms.principalArn} is not among the principals of ${member.name}.`,
  );
  object(
    principal !== undefined && isServiceLinkedRole(principal),
    "principal-reserved",
    "Service-linked roles belong to AWS, and EKS lets nobody change their entries.",
  );
  object(
    principal !== undefined && isGrantorRole(principal),
    "principal-reserved",
    "The broker's own roles cannot be lent access.",
  );
  object(
    // The other holders are only named to a person who holds the principal too.
    holders.includes(member.name) && holders.length > 1 && !rule.sharedPrincipals,
    "principal-shared",
    `${terms.principalArn} is held by ${holders.join(", ")}. A grant would give all of them access.`,
  );
  object(
    cluster !== undefined &&
      principal !== undefined &&
      principal.account !== clusterOf(cluster.arn).account &&
      !rule.foreignPrincipals,
    "principal-foreign",
    `${terms.principalArn} is in another account than ${terms.cluster}.`,
  );
  return objections;
}

/** The most characters in a reason. */
export const LONGEST_REASON = 500;

/** Whether a reason is as long as a rule requires, without surrounding spaces. */
export const isLongEnough = (reason: string, minLength: number): boolean =>
  [...reason.trim()].length >= minLength;

/**
 * Whether a reason contains a ticket that matches a rule's regular expression. The ticket may be
 * next to punctuation or at the end of a URL: `INC-1:`, `[INC-1]`,
 * `https://tickets.example.com/INC-1`.
 */
export function namesTicket(reason: string, ticket: string): boolean {
  const pattern = new RegExp(ticket);
  return reason.split(/\s+/).some((word) => {
    const bare = word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
    return [word, bare, ...bare.split(/[^\p{L}\p{N}_-]+/u)].some((part) => pattern.test(part));
  });
}

/** Whether a rule lends everything that is asked for. */
function lends({ access: lent }: Rule, asked: Access): boolean {
  if ("groups" in asked)
    return (
      "groups" in lent &&
      asked.groups.length > 0 &&
      asked.groups.every((group) => lent.groups.includes(group))
    );
  if (!("policies" in lent) || !lent.policies.includes(asked.policy)) return false;
  if (asked.scope.type === "cluster") return "scope" in lent;
  if (!("namespaces" in lent) || asked.scope.namespaces.length === 0) return false;
  return asked.scope.namespaces.every((namespace) =>
    lent.namespaces.some((pattern) => lendsNamespace(pattern, lent.wildcards, namespace)),
  );
}

/**
 * Whether a rule's pattern lends the namespace asked for. With `wildcards` it also lends patterns.
 */
export function lendsNamespace(pattern: string, wildcards: boolean, asked: string): boolean {
  if (!isNamespacePattern(asked)) return false;
  if (pattern === asked && !hasWildcard(asked)) return true;
  if (reachesSystem(asked)) return false;
  return patternCovers(pattern, asked) && (wildcards || !hasWildcard(asked));
}

function describeRuleAccess({ access }: Rule): string {
  if ("groups" in access) return `Kubernetes groups ${access.groups.join(", ")}`;
  const where = "scope" in access ? "on the whole cluster" : `in ${access.namespaces.join(", ")}`;
  return `${access.policies.join(", ")} ${where}`;
}

/** Whether a rule can lend anything at all to a principal of the member on a cluster. */
export const canLendTo = (
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  cluster: string,
  principalArn: string,
): boolean => {
  const nothing = { access: { groups: [] }, durationSeconds: null, reason: "" };
  return objectionsTo(policy, rule, member, { ...nothing, cluster, principalArn }).every(
    ({ code }) => !code.startsWith("principal-") && !code.startsWith("cluster-"),
  );
};

/** The duration of the terms under a rule, in seconds. */
export const durationUnder = (rule: Rule, terms: Pick<Terms, "durationSeconds">): number =>
  terms.durationSeconds ?? rule.duration.defaultSeconds ?? rule.duration.maxSeconds;

export interface Refusal {
  readonly rule: string;
  readonly objections: readonly Objection[];
}

/**
 * The rule that allows the terms: the named one, or the member's first that does, in the order of
 * the file. Break-glass rules come last, so that nobody uses one by accident.
 */
export function findRule(
  policy: AccessPolicy,
  member: Member,
  terms: Terms,
  named?: string,
): { readonly rule: Rule } | { readonly refusals: readonly Refusal[] } {
  const one = named === undefined ? undefined : ruleNamed(policy, named);
  const all = named === undefined ? rulesFor(policy, member) : one ? [one] : [];
  const candidates = all.toSorted((a, b) => Number(a.breakGlass) - Number(b.breakGlass));
  const refusals: Refusal[] = [];
  for (const rule of candidates) {
    const objections = objectionsTo(policy, rule, member, terms);
    if (objections.length === 0) return { rule };
    refusals.push({ rule: rule.name, objections });
  }
  if (named !== undefined && candidates.length === 0)
    return {
      refusals: [
        {
          rule: named,
          objections: [{ code: "unknown-rule", detail: `No rule is called ${named}.` }],
        },
      ],
    };
  return { refusals };
}

/**
 * Whether the policy lets a person borrow what they ask for. The same code decides at the request,
 * at each approval, and when access starts.
 */
import { describeAccess } from "../requests/access-text.ts";
import type { Access } from "../requests/request.ts";
import { clusterOf, isGrantorRole, isServiceLinkedRole, parsePrincipalArn } from "../values/arn.ts";
import { formatDuration } from "../values/duration.ts";
import { type AccessPolicy, clusterNamed, type Member, matchesWho, type Rule } from "./policy.ts";
import { holdersOf, ruleNamed, rulesFor } from "./policy-index.ts";
import { describeRuleAccess, lends } from "./rule-access.ts";

/** What is asked for. */
export interface Terms {
  readonly cluster: string;
  readonly access: Access;
  readonly principalArn: string;
  /** Null for the rule's default. */
  readonly durationSeconds: number | null;
  readonly reason: string;
}

/** Why a rule may object, as stable codes. */
export const OBJECTIONS = [
  "not-for-you",
  "other-cluster",
  "other-access",
  "too-long",
  "reason-too-short",
  "ticket-missing",
  "principal-not-yours",
  "principal-shared",
  "principal-foreign",
  "principal-reserved",
  "cluster-retired",
  "unknown-rule",
] as const;

/** One objection: a stable code, and a sentence for people. */
export interface Objection {
  readonly code: (typeof OBJECTIONS)[number];
  readonly detail: string;
}

/** Why a rule does not allow the terms; empty if it does. Pure. */
export function objectionsTo(
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  terms: Terms,
): readonly Objection[] {
  return [
    ...checksOfRule(policy, rule, member, terms),
    ...checksOfReason(rule, terms.reason),
    ...checksOfPrincipal(policy, rule, member, terms),
  ].flatMap(([isRaised, code, detail]) => (isRaised ? [{ code, detail }] : []));
}

/** Whether an objection is raised, and which. */
type Check = readonly [boolean, Objection["code"], string];

function checksOfRule(
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  terms: Terms,
): readonly Check[] {
  const cluster = clusterNamed(policy, terms.cluster);
  return [
    [!matchesWho(rule.who, member), "not-for-you", `${rule.name} is not for ${member.name}.`],
    [
      !cluster || !rule.clusters.includes(terms.cluster),
      "other-cluster",
      `${rule.name} is for ${rule.clusters.join(", ")}, not for ${terms.cluster}.`,
    ],
    [
      cluster?.retired === true,
      "cluster-retired",
      `${terms.cluster} is retired, so no new access is granted there.`,
    ],
    [
      !lends(rule, terms.access),
      "other-access",
      `${rule.name} lends ${describeRuleAccess(rule)}, but you asked for ${describeAccess(terms.access)}.`,
    ],
    [
      durationUnder(rule, terms) > rule.duration.maxSeconds,
      "too-long",
      `${rule.name} lends for at most ${formatDuration(rule.duration.maxSeconds)}.`,
    ],
  ];
}

function checksOfReason(
  { name, reason: { minLength, ticket } }: Rule,
  reason: string,
): readonly Check[] {
  return [
    [
      !isLongEnough(reason, minLength),
      "reason-too-short",
      `${name} requires a reason of at least ${minLength} characters.`,
    ],
    [
      ticket !== null && !namesTicket(reason, ticket),
      "ticket-missing",
      `${name} requires a ticket in the reason that matches ${ticket}.`,
    ],
  ];
}

function checksOfPrincipal(
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  { cluster: name, principalArn }: Terms,
): readonly Check[] {
  const cluster = clusterNamed(policy, name);
  const principal = parsePrincipalArn(principalArn);
  const holders = holdersOf(policy, principalArn);
  const isForeign = cluster && principal && principal.account !== clusterOf(cluster.arn).account;
  return [
    [
      !principal || !member.principals.includes(principalArn),
      "principal-not-yours",
      `${principalArn} is not among the principals of ${member.name}.`,
    ],
    [
      principal !== undefined && isServiceLinkedRole(principal),
      "principal-reserved",
      "Service-linked roles belong to AWS, and EKS lets nobody change their entries.",
    ],
    [
      principal !== undefined && isGrantorRole(principal),
      "principal-reserved",
      "The broker's own roles cannot be lent access.",
    ],
    [
      // The other holders are only named to a person who holds the principal too.
      holders.includes(member.name) && holders.length > 1 && !rule.sharedPrincipals,
      "principal-shared",
      `${principalArn} is held by ${holders.join(", ")}. A grant would give all of them access.`,
    ],
    [
      isForeign === true && !rule.foreignPrincipals,
      "principal-foreign",
      `${principalArn} is in another account than ${name}.`,
    ],
  ];
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

/** Rules in the order in which they are tried: that of the file, and break-glass last. */
export const inOrderTried = (rules: readonly Rule[]): readonly Rule[] =>
  rules.toSorted((a, b) => Number(a.breakGlass) - Number(b.breakGlass));

/**
 * The rule that allows the terms. It is the named one, or else the member's first one in the file
 * that allows them. Break-glass rules come last, so that nobody uses one by accident.
 */
export function findRule(
  policy: AccessPolicy,
  member: Member,
  terms: Terms,
  named?: string,
): { readonly rule: Rule } | { readonly refusals: readonly Refusal[] } {
  const one = named === undefined ? undefined : ruleNamed(policy, named);
  const all = named === undefined ? rulesFor(policy, member) : one ? [one] : [];
  const candidates = inOrderTried(all);
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

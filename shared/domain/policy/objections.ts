/** Objections that a rule may have to the terms that somebody asks for. */
import { isPersonalRole } from "../people/personal-role.ts";
import { describeAccess } from "../requests/access-text.ts";
import type { Access, AccessRequest } from "../requests/request.ts";
import {
  clusterOf,
  isGrantorRole,
  isInAccountOf,
  isServiceLinkedRole,
  parsePrincipalArn,
} from "../values/arn.ts";
import { deploymentOf } from "../values/deployment.ts";
import { formatDuration } from "../values/duration.ts";
import type { KnownOnCall } from "./known-on-call.ts";
import { type Moments, momentsOf } from "./moments.ts";
import { checksOfOnCall } from "./on-call-objections.ts";
import {
  type AccessPolicy,
  clusterNamed,
  isMachine,
  type Member,
  matchesWho,
  type Rule,
} from "./policy.ts";
import { holdersOf } from "./policy-index.ts";
import { isLongEnough, namesTicket } from "./reason.ts";
import { describeRuleAccess, lends } from "./rule-access.ts";
import { checksOfTicket, type TicketPart } from "./ticket-objections.ts";
import type { KnownTicket } from "./ticket-of-request.ts";
import { checksOfTimes } from "./time-objections.ts";

/** The terms asked for. */
export interface Terms extends TicketPart {
  readonly cluster: string;
  readonly access: Access;
  readonly principalArn: string;
  /** Null for the rule's default. */
  readonly durationSeconds: number | null;
  /** Null where nobody has said it yet, which is no objection. */
  readonly reason: string | null;
  readonly moments: Moments;
  /** The judgements about the asker. Absent where nobody asked: then a rule that asks objects. */
  readonly onCall?: KnownOnCall | undefined;
}

/**
 * The terms of a request. @param decidedAt when the last approval was given, or would be
 * @param known what is known outside of it
 */
export const termsOf = (
  request: AccessRequest,
  decidedAt: string | null,
  { onCall, ticketIs }: KnownOutside = {},
): Terms => ({
  cluster: request.cluster.name,
  access: request.access,
  principalArn: request.principalArn,
  durationSeconds: request.durationSeconds,
  reason: request.reason,
  moments: momentsOf(request, decidedAt),
  onCall,
  ticket: request.ticket,
  ticketIs,
});

/** The facts about a request that other services have. */
export interface KnownOutside {
  /** The judgements about its requester. */
  readonly onCall?: KnownOnCall | undefined;
  /** The judgement about its ticket. */
  readonly ticketIs?: KnownTicket | undefined;
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
  "not-on-call",
  "on-call-unknown",
  "ticket-not-asked",
  "ticket-closed",
  "ticket-not-yours",
  "ticket-not-found",
  "ticket-unknown",
  "outside-hours",
  "start-too-late",
  "break-glass-later",
  "machine-no-break-glass",
  "lapsed",
] as const;

/** Why a rule may object to an extension, besides. */
type ExtensionObjection = "not-extendable" | "extended-enough" | "total-exceeded";

/** One objection: a stable code, and a sentence for people. */
export interface Objection {
  readonly code: (typeof OBJECTIONS)[number] | ExtensionObjection;
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
    ...checksOfTimes(rule, terms.moments),
    ...(matchesWho(rule.who, member) ? checksOfOnCall(rule, member, terms.onCall) : []),
    ...checksOfReason(rule, terms.reason),
    ...(matchesWho(rule.who, member) ? checksOfTicket(policy, rule, member, terms) : []),
    ...checksOfPrincipal(policy, rule, member, terms),
  ].flatMap(raised);
}

/** A rule's fields about principals, and no others. */
export type PrincipalTerms = Pick<Rule, "sharedPrincipals" | "foreignPrincipals">;

/** Why a rule lends nothing to a principal on a cluster, whatever is asked for; empty if it may. */
export const objectionsToPrincipal = (
  policy: AccessPolicy,
  rule: PrincipalTerms,
  member: Member,
  terms: Pick<Terms, "cluster" | "principalArn">,
): readonly Objection[] => checksOfPrincipal(policy, rule, member, terms).flatMap(raised);

/** Whether an objection is raised, and which. Most are not, so their sentences are not made. */
type Check = readonly [boolean, Objection["code"], () => string];

const raised = ([isRaised, code, detail]: Check): readonly Objection[] =>
  isRaised ? [{ code, detail: detail() }] : [];

function checksOfRule(
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  terms: Terms,
): readonly Check[] {
  const cluster = clusterNamed(policy, terms.cluster);
  return [
    [!matchesWho(rule.who, member), "not-for-you", () => `${rule.name} is not for ${member.name}.`],
    [
      rule.breakGlass && isMachine(member),
      "machine-no-break-glass",
      () => `${rule.name} is for break-glass, and ${member.name} is a machine.`,
    ],
    [
      !cluster || !rule.clusters.includes(terms.cluster),
      "other-cluster",
      () => `${rule.name} is for ${rule.clusters.join(", ")}, not for ${terms.cluster}.`,
    ],
    [
      cluster?.retired === true,
      "cluster-retired",
      () => `${terms.cluster} is retired, so no new access is granted there.`,
    ],
    [
      !lends(rule, terms.access),
      "other-access",
      () =>
        `${rule.name} lends ${describeRuleAccess(rule)}, but you asked for ${describeAccess(terms.access)}.`,
    ],
    [
      durationUnder(rule, terms) > rule.duration.maxSeconds,
      "too-long",
      () => `${rule.name} lends for at most ${formatDuration(rule.duration.maxSeconds)}.`,
    ],
  ];
}

function checksOfReason(
  { name, reason: { minLength, ticket } }: Rule,
  reason: string | null,
): readonly Check[] {
  if (reason === null) return [];
  return [
    [
      !isLongEnough(reason, minLength),
      "reason-too-short",
      () => `${name} requires a reason of at least ${minLength} characters.`,
    ],
    [
      ticket !== null && !namesTicket(reason, ticket),
      "ticket-missing",
      () => `${name} requires a ticket in the reason that matches ${ticket}.`,
    ],
  ];
}

function checksOfPrincipal(
  policy: AccessPolicy,
  rule: PrincipalTerms,
  member: Member,
  { cluster: name, principalArn: arn }: Pick<Terms, "cluster" | "principalArn">,
): readonly Check[] {
  const cluster = clusterNamed(policy, name);
  const principal = parsePrincipalArn(arn);
  const holders = holdersOf(policy, arn);
  const home = cluster && clusterOf(cluster.arn);
  const isForeign = home && principal && !isInAccountOf(principal, home);
  return [
    [
      !principal || !member.principals.includes(arn),
      "principal-not-yours",
      () => `${arn} is not among the principals of ${member.name}.`,
    ],
    [
      principal !== undefined && isServiceLinkedRole(principal),
      "principal-reserved",
      () => "Service-linked roles belong to AWS, and EKS lets nobody change their entries.",
    ],
    [
      principal !== undefined && isGrantorRole(principal, deploymentOf(policy)),
      "principal-reserved",
      () => "The broker's own roles cannot be lent access.",
    ],
    [
      // The other holders are only named to a person who holds the principal too.
      holders.includes(member.name) && holders.length > 1 && !rule.sharedPrincipals,
      "principal-shared",
      () => `${arn} is held by ${holders.join(", ")}. A grant would give all of them access.`,
    ],
    [
      // A personal role is in each account where it is needed, and EKS knows nobody of another partition.
      isForeign === true &&
        (!rule.foreignPrincipals ||
          principal.partition !== home.partition ||
          isPersonalRole(principal, deploymentOf(policy))),
      "principal-foreign",
      () => `${arn} is in another account than ${name}.`,
    ],
  ];
}

/** The duration of the terms under a rule, in seconds. */
export const durationUnder = (rule: Rule, terms: Pick<Terms, "durationSeconds">): number =>
  terms.durationSeconds ?? rule.duration.defaultSeconds ?? rule.duration.maxSeconds;

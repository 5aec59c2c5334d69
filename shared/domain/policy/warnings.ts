/** Risks that people overlook when they ask or approve. */

import type { ClusterFacts } from "../clusters/cluster-facts.ts";
import type { DryAsk } from "../requests/ask.ts";
import { hasWildcard } from "../values/namespace-pattern.ts";
import { isQuorum } from "./approval.ts";
import { approversOf, peopleOf } from "./approvers.ts";
import type { AllowedAsk } from "./judge-ask.ts";
import { leavesThingsBehind } from "./permits.ts";
import type { AccessPolicy, Member, Rule } from "./policy.ts";
import { holdersOf } from "./policy-index.ts";
import { reviewersOf } from "./review-rights.ts";

export interface Warning {
  readonly code: /** A preview has it where it was given no reason. */
    | "reason-missing"
    | "wildcard"
    | "whole-cluster"
    | "leaves-things-behind"
    | "open-streams"
    | "groups-unknown"
    | "shared-principal"
    | "overrides-aws-auth"
    | "too-few-approvers"
    | "starts-at-once"
    | "break-glass"
    | "nobody-can-review"
    /** Only of a preview: grants on the same access entry lend it. */
    | "already-there"
    /** Only of a preview: the person's last grants of it needed a smaller policy. */
    | "less-sufficed";
  readonly detail: string;
}

/** Pure; in the order of the codes. */
export function warningsOf(
  policy: AccessPolicy,
  member: Member,
  { access, reason }: DryAsk,
  { rule, principalArn }: AllowedAsk,
  known: ClusterFacts | undefined,
): readonly Warning[] {
  return [
    ...checksOfReason(rule, reason),
    ...checksOfAccess(access),
    ...checksOfPrincipal(policy, member, principalArn, known),
    ...checksOfApproval(policy, member, rule, principalArn),
  ].flatMap(([isRaised, code, detail]) => (isRaised ? [{ code, detail }] : []));
}

/** Whether a warning is raised, and which. */
type Check = readonly [boolean, Warning["code"], string];

function checksOfReason(
  { reason: { minLength, ticket } }: Rule,
  reason: string | null,
): readonly Check[] {
  const length = minLength > 1 ? ` of at least ${minLength} characters` : "";
  const naming = ticket === null ? "" : `, with a ticket that matches ${ticket}`;
  return [[reason === null, "reason-missing", `A request needs a reason${length}${naming}.`]];
}

function checksOfAccess(access: DryAsk["access"]): readonly Check[] {
  const scope = "scope" in access ? access.scope : undefined;
  const wildcards = scope?.type === "namespace" ? scope.namespaces.filter(hasWildcard) : [];
  return [
    [
      wildcards.length > 0,
      "wildcard",
      `${wildcards.join(", ")} also covers namespaces that are created during the grant.`,
    ],
    [
      scope?.type === "cluster",
      "whole-cluster",
      "It covers every namespace, including system namespaces, and resources without a namespace.",
    ],
    [
      "policy" in access && leavesThingsBehind(access.policy),
      "leaves-things-behind",
      "Whatever is created with it stays: a CronJob, a token or a binding can outlive the grant.",
    ],
    [
      true,
      "open-streams",
      "Streams that are open when the grant ends (exec, attach, port-forward, logs, watch) stay open until they are closed.",
    ],
    [
      "groups" in access,
      "groups-unknown",
      "The cluster decides what the groups may do, and that can change during the grant.",
    ],
  ];
}

function checksOfPrincipal(
  policy: AccessPolicy,
  member: Member,
  principalArn: string,
  known: ClusterFacts | undefined,
): readonly Check[] {
  const others = holdersOf(policy, principalArn).filter((name) => name !== member.name);
  return [
    [
      others.length > 0,
      "shared-principal",
      `${principalArn} is also held by ${others.join(", ")}, who get the access too.`,
    ],
    [
      known?.description?.authenticationMode === "API_AND_CONFIG_MAP",
      "overrides-aws-auth",
      "During the grant, EKS ignores this principal's entry in the aws-auth ConfigMap: the access entry replaces it.",
    ],
  ];
}

function checksOfApproval(
  policy: AccessPolicy,
  member: Member,
  rule: Rule,
  principalArn: string,
): readonly Check[] {
  const requirements = approversOf(policy, rule, member, [principalArn]);
  return [
    [
      !isQuorum(rule.approval, peopleOf(policy, requirements)),
      "too-few-approvers",
      "access.yaml names too few people who could approve it, so it would lapse.",
    ],
    [
      rule.approval.length === 0,
      "starts-at-once",
      "The policy approves it at once, without a person.",
    ],
    [rule.breakGlass, "break-glass", "It starts without an approver. Use it only in an emergency."],
    [
      rule.review !== undefined &&
        reviewersOf(policy, rule.review, member, [principalArn]).length === 0,
      "nobody-can-review",
      "Nobody could close its review: access.yaml names no other person for it.",
    ],
  ];
}

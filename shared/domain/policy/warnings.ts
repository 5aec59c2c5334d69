/** What whoever asks, and whoever approves, easily overlooks. */

import type { ClusterFacts } from "../clusters/cluster-facts.ts";
import type { Ask } from "../requests/ask.ts";
import { hasWildcard } from "../values/namespace-pattern.ts";
import { isQuorum } from "./approval.ts";
import { approversOf, peopleOf } from "./approvers.ts";
import type { AllowedAsk } from "./judge-ask.ts";
import { leavesThingsBehind } from "./permits.ts";
import type { AccessPolicy, Member } from "./policy.ts";
import { holdersOf } from "./policy-index.ts";

export interface Warning {
  readonly code:
    | "wildcard"
    | "whole-cluster"
    | "leaves-things-behind"
    | "open-streams"
    | "groups-unknown"
    | "shared-principal"
    | "overrides-aws-auth"
    | "too-few-approvers"
    | "starts-at-once"
    | "break-glass";
  readonly detail: string;
}

/** Pure; in the order of the codes. */
export function warningsOf(
  policy: AccessPolicy,
  member: Member,
  { access }: Ask,
  { rule, principalArn }: AllowedAsk,
  known: ClusterFacts | undefined,
): readonly Warning[] {
  const warnings: Warning[] = [];
  const warn = (when: boolean, code: Warning["code"], detail: string) => {
    if (when) warnings.push({ code, detail });
  };
  const scope = "scope" in access ? access.scope : undefined;
  const wildcards = scope?.type === "namespace" ? scope.namespaces.filter(hasWildcard) : [];
  const others = holdersOf(policy, principalArn).filter((name) => name !== member.name);
  const requirements = approversOf(policy, rule, member, [principalArn]);
  warn(
    wildcards.length > 0,
    "wildcard",
    `${wildcards.join(", ")} also covers namespaces that are made while the grant lasts.`,
  );
  warn(
    scope?.type === "cluster",
    "whole-cluster",
    "It covers every namespace, the system's own among them, and what has no namespace.",
  );
  warn(
    "policy" in access && leavesThingsBehind(access.policy),
    "leaves-things-behind",
    "What is made with it stays when it ends: a CronJob, a token, a binding can outlive the grant.",
  );
  warn(
    true,
    "open-streams",
    "A stream that is open when the grant ends (exec, attach, port-forward, logs, watch) stays open until it is closed.",
  );
  warn(
    "groups" in access,
    "groups-unknown",
    "What the groups may do is decided in the cluster, and can change while the grant lasts.",
  );
  warn(
    others.length > 0,
    "shared-principal",
    `${principalArn} is also held by ${others.join(", ")}, who have the access too.`,
  );
  warn(
    known?.description?.authenticationMode === "API_AND_CONFIG_MAP",
    "overrides-aws-auth",
    "While it lasts, what the aws-auth ConfigMap gives this principal does not count: the access entry takes its place.",
  );
  warn(
    !isQuorum(rule.approval, peopleOf(policy, requirements)),
    "too-few-approvers",
    "access.yaml names too few people who could approve it; it would lapse unanswered.",
  );
  warn(rule.approval.length === 0, "starts-at-once", "No person approves it: the policy does.");
  warn(rule.breakGlass, "break-glass", "Its use alerts, and is reviewed afterwards.");
  return warnings;
}

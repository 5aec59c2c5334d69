import type { Actor } from "../../domain/policy/actor.ts";
import { approversOf } from "../../domain/policy/approvers.ts";
import { principalsIn } from "../../domain/policy/judge-ask.ts";
import type { OwnRule } from "../../domain/policy/own-rule.ts";
import { clusterNamed } from "../../domain/policy/policy.ts";
import { rulesFor } from "../../domain/policy/policy-index.ts";
import { clusterOf } from "../../domain/values/arn.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

/** What the actor may ask for, in the order of `access.yaml`. Leaves out rules for other people. */
export function listAccess({ policy }: FrontPorts, { member }: Actor): readonly OwnRule[] {
  return rulesFor(policy, member).map((rule) => {
    const open = rule.clusters.flatMap((name) => {
      const cluster = clusterNamed(policy, name);
      return cluster && !cluster.retired ? [{ name, account: clusterOf(cluster.arn).account }] : [];
    });
    const principals = rule.foreignPrincipals
      ? member.principals
      : [...new Set(open.flatMap(({ account }) => principalsIn(member, account)))];
    return {
      rule,
      clusters: open.map(({ name }) => name),
      principals,
      requirements: approversOf(policy, rule, member, principals),
    };
  });
}

/** The access that `access.yaml` lets each principal obtain on one cluster. Pure. */

import { everyPersonalRole, isPersonalRole } from "../people/personal-role.ts";
import type { AccessPolicy, Rule } from "../policy/policy.ts";
import { rulesFor } from "../policy/policy-index.ts";
import { type ClusterArn, clusterOf, parsePrincipalArn } from "../values/arn.ts";
import { deploymentOf } from "../values/deployment.ts";

/** Access that all rules together lend to one principal, but for groups, which IAM cannot bound. */
export interface Lendable {
  /** Names of the access policies that the rules lend on the whole cluster, or in namespaces of it. */
  readonly onCluster: ReadonlySet<string>;
  /** Names of those that the rules lend on the whole cluster, and in no namespaces of it. */
  readonly onlyOnCluster: ReadonlySet<string>;
  /** By name of the access policy, for those that the rules lend in namespaces. */
  readonly inNamespaces: ReadonlyMap<string, LendableNamespaces>;
}

export interface LendableNamespaces {
  /** As the rules write them, including patterns. */
  readonly namespaces: ReadonlySet<string>;
  /** Whether a rule lets a request ask for a pattern. */
  readonly wildcards: boolean;
}

/**
 * All personal roles of the account count as one principal, so that the grantor's policy does not
 * grow with the people: docs/adr/0022-personal-roles.md. A rule lends to principals of another
 * account only where it says so. It never does to personal roles, which are in every account where
 * they are needed. To one of another partition it lends nothing: EKS knows none.
 *
 * @returns by `boundOf` the principal's ARN
 */
export function lendingOn(
  policy: AccessPolicy,
  clusterName: string,
): ReadonlyMap<string, Lendable> {
  const home = placeOf(policy, clusterName);
  const deployment = deploymentOf(policy);
  const reached = new Map<string, Set<Rule>>();
  for (const [name, person] of Object.entries(policy.people)) {
    const theirs = rulesFor(policy, { name, ...person }).filter((rule) =>
      rule.clusters.includes(clusterName),
    );
    for (const principalArn of person.principals) {
      const principal = parsePrincipalArn(principalArn);
      const mayBeForeign = ({ foreignPrincipals }: Rule) =>
        foreignPrincipals && !(principal && isPersonalRole(principal, deployment));
      if (principal?.partition !== home?.partition) continue;
      const isForeign = principal?.account !== home?.account;
      const bound = boundOf(principalArn, deployment);
      const known = reached.get(bound) ?? new Set();
      for (const rule of theirs) if (!isForeign || mayBeForeign(rule)) known.add(rule);
      if (known.size > 0) reached.set(bound, known);
    }
  }
  return new Map([...reached].map(([bound, theirs]) => [bound, together([...theirs])]));
}

/** How a grantor's policy names a principal: as an ARN, or as the pattern of all personal roles. */
export function boundOf(principalArn: string, deployment: string): string {
  const principal = parsePrincipalArn(principalArn);
  return principal && isPersonalRole(principal, deployment)
    ? everyPersonalRole(principal, deployment)
    : principalArn;
}

function placeOf(policy: AccessPolicy, clusterName: string): ClusterArn | undefined {
  const cluster = policy.clusters[clusterName];
  return cluster && clusterOf(cluster.arn);
}

function together(rules: readonly Rule[]): Lendable {
  const onCluster = new Set<string>();
  const exactly = new Set<string>();
  const inNamespaces = new Map<string, LendableNamespaces & { readonly namespaces: Set<string> }>();
  for (const { access } of rules) {
    if ("groups" in access) continue;
    for (const name of access.policies) {
      if ("scope" in access) {
        (access.exactly ? exactly : onCluster).add(name);
        continue;
      }
      const before = inNamespaces.get(name);
      const namespaces = before?.namespaces ?? new Set<string>();
      for (const namespace of access.namespaces) namespaces.add(namespace);
      inNamespaces.set(name, {
        namespaces,
        wildcards: access.wildcards || before?.wildcards === true,
      });
    }
  }
  const onlyOnCluster = new Set([...exactly].filter((name) => !onCluster.has(name)));
  return { onCluster, onlyOnCluster, inNamespaces };
}

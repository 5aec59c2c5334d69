/** What `access.yaml` lets each principal obtain on one cluster. Pure. */

import type { AccessPolicy, Rule } from "../policy/policy.ts";
import { rulesFor } from "../policy/policy-index.ts";
import { clusterOf, parsePrincipalArn } from "../values/arn.ts";

/** What all rules together lend to one principal, without Kubernetes groups, which IAM cannot bound. */
export interface Lendable {
  /** Names of the access policies that the rules lend on the whole cluster. */
  readonly onCluster: ReadonlySet<string>;
  /** By name of the access policy, for those that the rules lend in namespaces. */
  readonly inNamespaces: ReadonlyMap<string, LendableNamespaces>;
}

export interface LendableNamespaces {
  /** As the rules write them, including patterns. */
  readonly namespaces: ReadonlySet<string>;
  /** Whether a rule lets a request ask for a pattern. */
  readonly wildcards: boolean;
}

/** @returns by principal ARN. A rule lends to principals of another account only where it says so. */
export function lendingOn(
  policy: AccessPolicy,
  clusterName: string,
): ReadonlyMap<string, Lendable> {
  const account = accountOf(policy, clusterName);
  const reached = new Map<string, Rule[]>();
  for (const [name, person] of Object.entries(policy.people)) {
    const theirs = rulesFor(policy, { name, ...person }).filter((rule) =>
      rule.clusters.includes(clusterName),
    );
    for (const principalArn of person.principals) {
      const foreign = parsePrincipalArn(principalArn)?.account !== account;
      const matching = theirs.filter((rule) => rule.foreignPrincipals || !foreign);
      const before = reached.get(principalArn);
      if (before) before.push(...matching);
      else if (matching.length > 0) reached.set(principalArn, [...matching]);
    }
  }
  return new Map([...reached].map(([principalArn, theirs]) => [principalArn, together(theirs)]));
}

function accountOf(policy: AccessPolicy, clusterName: string): string | undefined {
  const cluster = policy.clusters[clusterName];
  return cluster && clusterOf(cluster.arn).account;
}

function together(rules: readonly Rule[]): Lendable {
  const onCluster = new Set<string>();
  const inNamespaces = new Map<string, LendableNamespaces & { readonly namespaces: Set<string> }>();
  for (const { access } of rules) {
    if ("groups" in access) continue;
    for (const name of access.policies) {
      if ("scope" in access) {
        onCluster.add(name);
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
  return { onCluster, inNamespaces };
}

import type { AccessPolicy } from "../policy/policy.ts";

/** The access that the rules lend on one cluster, to anybody. */
export interface LentThere {
  /** Access policies on the whole cluster. */
  readonly onCluster: readonly string[];
  /** Access policies in namespaces, with the namespaces as rules write them. */
  readonly inNamespaces: readonly {
    readonly policy: string;
    readonly namespaces: readonly string[];
  }[];
  readonly groups: readonly string[];
}

/** @param name the cluster's in `access.yaml` */
export function lentThere({ rules }: Pick<AccessPolicy, "rules">, name: string): LentThere {
  const onCluster = new Set<string>();
  const groups = new Set<string>();
  const inNamespaces = new Map<string, Set<string>>();
  for (const { access, clusters } of rules) {
    if (!clusters.includes(name)) continue;
    if ("groups" in access) for (const group of access.groups) groups.add(group);
    else if ("scope" in access) for (const policy of access.policies) onCluster.add(policy);
    else
      for (const policy of access.policies)
        inNamespaces.set(
          policy,
          new Set([...(inNamespaces.get(policy) ?? []), ...access.namespaces]),
        );
  }
  return {
    onCluster: [...onCluster].sort(),
    inNamespaces: [...inNamespaces]
      .map(([policy, namespaces]) => ({ policy, namespaces: [...namespaces].sort() }))
      .sort((a, b) => (a.policy < b.policy ? -1 : 1)),
    groups: [...groups].sort(),
  };
}

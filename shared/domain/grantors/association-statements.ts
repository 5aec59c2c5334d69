/**
 * Allows associations: which access policies, on which principals' entries, and in which scope.
 * Pure.
 */
import type { AccessPolicy } from "../policy/policy.ts";
import { accessPolicyArn, isInAccountOf, parsePrincipalArn } from "../values/arn.ts";
import { deploymentOf } from "../values/deployment.ts";
import { hasWildcard, outsideSystem, reachesSystem } from "../values/namespace-pattern.ts";
import { foreignEntry, ownEntry } from "./entry-conditions.ts";
import {
  allOf,
  type ConditionBlock,
  type GrantorStatement,
  type Precision,
} from "./grantor-statement.ts";
import { boundOf, type Lendable, type LendableNamespaces } from "./lending.ts";
import type { ListedCluster } from "./listed-cluster.ts";

/** On every cluster of the file, retired ones too: narrowing a scope is the same call. */
export const associations = (
  access: AccessPolicy,
  clusters: readonly ListedCluster[],
  precision: Precision,
): readonly GrantorStatement[] => [
  ...clusters.flatMap(inClusterScope),
  ...clusters.flatMap((cluster) => inNamespaceScope(access, cluster)),
  ...clusters.flatMap((cluster) => inUnusualNamespaces(access, cluster, precision)),
];

const association = (
  sid: string,
  cluster: ListedCluster,
  policies: readonly string[],
  principals: readonly string[],
  condition: ConditionBlock,
): readonly GrantorStatement[] =>
  // An empty list is no list that IAM takes.
  principals.length === 0
    ? []
    : [
        {
          Sid: sid,
          Effect: "Allow",
          Action: ["eks:AssociateAccessPolicy"],
          Resource: [cluster.entries],
          Condition: allOf(
            {
              ArnLike: {
                "eks:principalArn": principals,
                "eks:policyArn": policies.map((name) =>
                  accessPolicyArn(cluster.cluster.partition, name),
                ),
              },
            },
            condition,
          ),
        },
      ];

/** A policy of the whole cluster is also lent in any of its namespaces, but for exact rules. */
const inClusterScope = (cluster: ListedCluster): readonly GrantorStatement[] =>
  WHOLE_CLUSTER.flatMap(([policiesOf, scopes]) =>
    bySameValue(cluster, (lent) => sortedOrNone(policiesOf(lent))).flatMap(
      ({ values, principals }) =>
        association("AssociateInClusterScope", cluster, values, principals, {
          StringEquals: { "eks:accessScope": scopes },
        }),
    ),
  );

const WHOLE_CLUSTER: readonly (readonly [
  policiesOf: (lent: Lendable) => ReadonlySet<string>,
  scopes: string | readonly string[],
])[] = [
  [({ onCluster }) => onCluster, ["cluster", "namespace"]],
  [({ onlyOnCluster }) => onlyOnCluster, "cluster"],
];

const IN_NAMESPACES: ConditionBlock = {
  StringEquals: { "eks:accessScope": "namespace" },
  // ForAllValues also holds where the list is empty or missing, and `Null` where it is empty. This does not.
  "ForAnyValue:StringLike": { "eks:namespaces": ["?*"] },
};

/** To IAM, a requested `payments-*` is text, and `${*}` a literal asterisk: this finds patterns. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: IAM's own escape, not JavaScript's
const WILDCARD = "*${*}*";
/** Kubernetes' own namespaces. */
const SYSTEM = "kube-*";

/**
 * One and the same call lends in namespaces and restores the scope that others gave an association.
 * So what must be restored bounds the namespaces. On an entry that the broker made, these are names
 * that somebody may have added. On a foreign entry, they are whatever was there. A policy that a
 * rule lends in namespaces may be so scoped for every person of the file. Otherwise, of two
 * overlapping grants of a person who leaves a group, the first could not end.
 */
function inNamespaceScope(
  access: AccessPolicy,
  cluster: ListedCluster,
): readonly GrantorStatement[] {
  const deployment = deploymentOf(access);
  return namespaceSets(access, cluster).flatMap(({ values, principals }) => [
    ...association(
      "AssociateInNamespacesOnOwnEntries",
      cluster,
      values,
      principals,
      allOf(IN_NAMESPACES, ownEntry(deployment), {
        "ForAllValues:StringNotLike": { "eks:namespaces": [WILDCARD, SYSTEM] },
      }),
    ),
    ...association(
      "AssociateInNamespacesOnForeignEntries",
      cluster,
      values,
      principals,
      allOf(IN_NAMESPACES, foreignEntry(deployment)),
    ),
  ]);
}

/** Access policies that may be scoped to namespaces, each with the principals for whom. */
function namespaceSets(
  access: AccessPolicy,
  cluster: ListedCluster,
): readonly SameValue<readonly string[]>[] {
  const lentInNamespaces = access.rules
    .filter((rule) => rule.clusters.includes(cluster.name))
    .flatMap((rule) => ("namespaces" in rule.access ? rule.access.policies : []));
  const policies = sorted(lentInNamespaces);
  const people = Object.values(access.people)
    .flatMap((person) => person.principals)
    .filter((arn) => isInAccountOf(parsePrincipalArn(arn), cluster.cluster))
    .map((arn) => boundOf(arn, deploymentOf(access)));
  return [
    { values: policies, principals: sorted([...people, ...cluster.lending.keys()]) },
    // Access that is only lent on the whole cluster stays with those who may have it.
    ...bySameValue(cluster, ({ onlyOnCluster }) =>
      sortedOrNone(new Set([...onlyOnCluster].filter((name) => !policies.includes(name)))),
    ),
  ].filter(({ values }) => values.length > 0);
}

/** Wildcards and Kubernetes' own namespaces, on the broker's own entries: only as the rules write them. */
function inUnusualNamespaces(
  access: AccessPolicy,
  cluster: ListedCluster,
  precision: Precision,
): readonly GrantorStatement[] {
  const policies = sorted(
    [...cluster.lending.values()].flatMap((lent) => [...lent.inNamespaces.keys()]),
  );
  return policies.flatMap((policy) =>
    bySameValue(cluster, (lent) => unusual(lent.inNamespaces.get(policy), precision)).flatMap(
      ({ values: { allowed, forbidden }, principals }) => {
        const outside: ConditionBlock =
          forbidden.length > 0
            ? { "ForAllValues:StringNotLike": { "eks:namespaces": forbidden } }
            : {};
        return association(
          "AssociateInPatternsAndSystemNamespaces",
          cluster,
          [policy],
          principals,
          allOf(IN_NAMESPACES, ownEntry(deploymentOf(access)), outside, {
            "ForAllValues:StringLike": { "eks:namespaces": allowed },
          }),
        );
      },
    ),
  );
}

/**
 * Namespaces that must be allowed beyond ordinary names. Undefined where the rules lend only those.
 */
function unusual(lent: LendableNamespaces | undefined, precision: Precision) {
  if (!lent) return undefined;
  const system = [...lent.namespaces].some((one) => !hasWildcard(one) && reachesSystem(one));
  if (!lent.wildcards && !system) return undefined;
  const allowed =
    precision === "exact"
      ? sorted(lent.namespaces)
      : sorted([...outsideSystem(), ...[...lent.namespaces].filter(reachesSystem)]);
  return {
    allowed,
    forbidden: [...(lent.wildcards ? [] : [WILDCARD]), ...(system ? [] : [SYSTEM])],
  };
}

interface SameValue<Value> {
  readonly values: Value;
  readonly principals: readonly string[];
}

/**
 * Principals with the same `lendableOf` share a statement. One without a value gets no statement.
 */
function bySameValue<Value>(
  { lending }: ListedCluster,
  lendableOf: (lendable: Lendable) => Value | undefined,
): readonly SameValue<Value>[] {
  const groups = new Map<string, { values: Value; principals: string[] }>();
  for (const [principalArn, lent] of lending) {
    const values = lendableOf(lent);
    if (values === undefined) continue;
    const key = JSON.stringify(values);
    const group = groups.get(key) ?? { values, principals: [] };
    group.principals.push(principalArn);
    groups.set(key, group);
  }
  return [...groups.values()];
}

const sorted = (values: Iterable<string>): readonly string[] => [...new Set(values)].sort();

const sortedOrNone = (values: ReadonlySet<string>) =>
  values.size > 0 ? sorted(values) : undefined;

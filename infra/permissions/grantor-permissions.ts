/**
 * What the grantor roles of one account may do, as IAM statements made of `access.yaml`. Pure.
 * What they add is bounded by the file; what they take away is not, since a person or a cluster
 * that has left the file must still lose what was lent. docs/adr/grantor-permissions.md has the
 * reasons, and what these statements cannot stop.
 *
 * Keys and resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html
 */

import { MANAGED_BY, TAG_MANAGED_BY } from "../../shared/domain/entries/ledger.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import {
  accessPolicyArn,
  type ClusterArn,
  clusterOf,
  parsePrincipalArn,
} from "../../shared/domain/values/arn.ts";
import { hasWildcard, reachesSystem } from "../../shared/domain/values/namespace-pattern.ts";
import { NOT_A_PERSONS_ENTRY, OURS, SOMEBODY_ELSES } from "./entry-conditions.ts";
import { type Lent, type LentNamespaces, lendingOn } from "./lending.ts";

export type ConditionBlock = Readonly<
  Record<string, Readonly<Record<string, string | readonly string[]>>>
>;

/** One statement of an IAM policy, in IAM's own words. */
export interface GrantorStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: ConditionBlock;
}

interface ListedCluster {
  /** The name in `access.yaml`. */
  readonly name: string;
  readonly cluster: ClusterArn;
  readonly arn: string;
  /** `arn:…:access-entry/<cluster>/*`: the rest of an entry's ARN is unknown before it exists. */
  readonly entries: string;
  readonly retired: boolean;
  readonly lending: ReadonlyMap<string, Lent>;
}

/** Lists longer than this become several statements: a policy may hold 6,144 characters. */
const PRINCIPALS_A_STATEMENT = 40;

/** For access policies. @param brokerRoles ARNs of the broker's own roles, to which nothing is ever lent */
export function policiesGrantorStatements(
  access: AccessPolicy,
  account: string,
  brokerRoles: readonly string[],
): readonly GrantorStatement[] {
  const clusters = clustersOf(access, account);
  const lendingNow = clusters.filter(({ retired }) => !retired);
  return shortened([
    ...reading(clusters),
    ...readingRoles(clusters),
    ...lendingNow.flatMap(creation),
    ...tagging(lendingNow),
    ...clusters.flatMap(lendOnCluster),
    ...clusters.flatMap((cluster) => scopeByNamespaces(access, cluster)),
    ...clusters.flatMap(lendUnusualNamespaces),
    ...removing(clusters),
    ...ONLY_BARE,
    ...never(brokerRoles),
  ]);
}

/**
 * For Kubernetes groups: sets them, and nothing else. Empty where no rule lends any on a cluster of
 * the account.
 */
export function groupsGrantorStatements(
  access: AccessPolicy,
  account: string,
  brokerRoles: readonly string[],
): readonly GrantorStatement[] {
  const clusters = clustersOf(access, account);
  if (!lendsGroups(access, account)) return [];
  return shortened([
    // UpdateAccessEntry has no condition key for what it sets. It is also how groups are taken
    // away, so that neither the principals nor the clusters of the file bound it.
    {
      Sid: "SetGroups",
      Effect: "Allow",
      Action: ["eks:UpdateAccessEntry"],
      Resource: everyEntry(clusters),
    },
    ...never(brokerRoles),
  ]);
}

/** Whether some rule lends Kubernetes groups on a cluster of the account. */
export const lendsGroups = (access: AccessPolicy, account: string) =>
  access.rules.some(
    (rule) =>
      "groups" in rule.access &&
      rule.clusters.some((name) => {
        const cluster = access.clusters[name];
        return cluster !== undefined && clusterOf(cluster.arn).account === account;
      }),
  );

function clustersOf(access: AccessPolicy, account: string): readonly ListedCluster[] {
  return Object.entries(access.clusters)
    .map(([name, { arn, retired }]) => {
      const cluster = clusterOf(arn);
      return {
        name,
        cluster,
        arn,
        entries: `arn:${cluster.partition}:eks:${cluster.region}:${account}:access-entry/${cluster.name}/*`,
        retired,
        lending: lendingOn(access, name),
      };
    })
    .filter(({ cluster }) => cluster.account === account);
}

const unique = (values: readonly string[]) => [...new Set(values)];

/** Every entry of the account, whatever the file says: a cluster may have left it. */
const everyEntry = (clusters: readonly ListedCluster[]) =>
  unique(
    clusters.map(
      ({ cluster }) => `arn:${cluster.partition}:eks:*:${cluster.account}:access-entry/*`,
    ),
  );

/** Reading back is half of removing, and so reaches as far. */
const reading = (clusters: readonly ListedCluster[]): readonly GrantorStatement[] => [
  {
    Sid: "ReadClusters",
    Effect: "Allow",
    Action: ["eks:DescribeCluster"],
    Resource: unique(
      clusters.map(({ cluster }) => `arn:${cluster.partition}:eks:*:${cluster.account}:cluster/*`),
    ),
  },
  {
    Sid: "ReadEntries",
    Effect: "Allow",
    Action: ["eks:DescribeAccessEntry", "eks:ListAssociatedAccessPolicies"],
    Resource: everyEntry(clusters),
  },
];

/** A role's unique id tells it from a later one of the same name. */
const readingRoles = (clusters: readonly ListedCluster[]): readonly GrantorStatement[] => [
  {
    Sid: "ReadUniqueIds",
    Effect: "Allow",
    Action: ["iam:GetRole"],
    Resource: unique(
      clusters.map(({ cluster }) => `arn:${cluster.partition}:iam::${cluster.account}:role/*`),
    ),
  },
];

/**
 * CreateAccessEntry is authorised on the cluster, all else on the entry. Entries are created bare,
 * for everyone to whom a rule lends anything.
 */
const creation = (cluster: ListedCluster): readonly GrantorStatement[] =>
  chunks([...cluster.lending.keys()]).map((principalArns) => ({
    Sid: "CreateEntries",
    Effect: "Allow",
    Action: ["eks:CreateAccessEntry"],
    Resource: [cluster.arn],
    Condition: {
      StringEquals: {
        "eks:accessEntryType": "STANDARD",
        [`aws:RequestTag/${TAG_MANAGED_BY}`]: MANAGED_BY,
      },
      ArnEquals: { "eks:principalArn": principalArns },
    },
  }));

/**
 * No entry begins with groups, which are access, or with a username, which would be a second name
 * in Kubernetes' own logs. Denies, and not `Null` in the allow: whether EKS leaves a key out or
 * presents it empty where the request has none is not documented, and a deny of any text holds
 * either way.
 */
const ONLY_BARE: readonly GrantorStatement[] = [
  ["NoUsernames", { StringLike: { "eks:username": "?*" } }] as const,
  ["NoGroups", { "ForAnyValue:StringLike": { "eks:kubernetesGroups": "?*" } }] as const,
].map(([Sid, Condition]) => ({
  Sid,
  Effect: "Deny",
  Action: ["eks:CreateAccessEntry"],
  Resource: ["*"],
  Condition,
}));

/** Tags given at creation are authorised as TagResource as well; no other tag is ever set. */
const tagging = (clusters: readonly ListedCluster[]): readonly GrantorStatement[] =>
  clusters.map(({ entries }) => ({
    Sid: "TagOnCreate",
    Effect: "Allow",
    Action: ["eks:TagResource"],
    Resource: [entries],
    Condition: {
      StringEquals: { [`aws:RequestTag/${TAG_MANAGED_BY}`]: MANAGED_BY },
      "ForAllValues:StringLike": { "aws:TagKeys": ["timelatch:*"] },
      StringEqualsIfExists: OURS.StringEquals,
    },
  }));

const association = (
  sid: string,
  cluster: ListedCluster,
  policies: readonly string[],
  principals: readonly string[],
  condition: ConditionBlock,
): readonly GrantorStatement[] =>
  chunks(principals).map((principalArns) => ({
    Sid: sid,
    Effect: "Allow",
    Action: ["eks:AssociateAccessPolicy"],
    Resource: [cluster.entries],
    Condition: merge(
      {
        ArnEquals: {
          "eks:principalArn": principalArns,
          "eks:policyArn": policies.map((name) => accessPolicyArn(cluster.cluster.partition, name)),
        },
      },
      condition,
    ),
  }));

const IN_NAMESPACES: ConditionBlock = {
  StringEquals: { "eks:accessScope": "namespace" },
  // ForAllValues also holds where the list is empty or missing, and `Null` where it is empty; this does not.
  "ForAnyValue:StringLike": { "eks:namespaces": ["?*"] },
};

/** A requested `payments-*` is text to IAM, and `${*}` a literal asterisk: the patterns that hold one. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: IAM's own escape, not JavaScript's
const WILDCARD = "*${*}*";
/** Kubernetes' own namespaces. */
const SYSTEM = "kube-*";

function lendOnCluster(cluster: ListedCluster): readonly GrantorStatement[] {
  return bySameValue(cluster, (lent) => some(lent.onCluster)).flatMap(({ values, principals }) =>
    association("LendOnCluster", cluster, values, principals, {
      StringEquals: { "eks:accessScope": "cluster" },
    }),
  );
}

/**
 * Lending in namespaces, and giving an association back the scope that others gave it, is one and
 * the same call. So namespaces are bounded by what must be restored: on an entry of ours, names
 * that somebody may have added; on anybody else's, whatever was there. And a policy that some rule
 * lends in namespaces may be so scoped for every person of the file, so that whoever leaves a
 * group still has a grant taken back that overlaps another.
 */
function scopeByNamespaces(
  access: AccessPolicy,
  cluster: ListedCluster,
): readonly GrantorStatement[] {
  const inNamespaces = unique(
    access.rules
      .filter((rule) => rule.clusters.includes(cluster.name))
      .flatMap((rule) => ("namespaces" in rule.access ? rule.access.policies : [])),
  ).sort();
  const people = Object.values(access.people)
    .flatMap((person) => person.principals)
    .filter((arn) => parsePrincipalArn(arn)?.account === cluster.cluster.account);
  const sets = [
    { values: inNamespaces, principals: unique([...people, ...cluster.lending.keys()]).sort() },
    // What is lent on the whole cluster alone stays with those who may have it.
    ...bySameValue(cluster, ({ onCluster }) =>
      some(new Set([...onCluster].filter((name) => !inNamespaces.includes(name)))),
    ),
  ];
  return sets
    .filter(({ values }) => values.length > 0)
    .flatMap(({ values, principals }) => [
      ...association(
        "ScopeOurs",
        cluster,
        values,
        principals,
        merge(IN_NAMESPACES, OURS, {
          "ForAllValues:StringNotLike": { "eks:namespaces": [WILDCARD, SYSTEM] },
        }),
      ),
      ...association(
        "ScopeOthers",
        cluster,
        values,
        principals,
        merge(IN_NAMESPACES, SOMEBODY_ELSES),
      ),
    ]);
}

/** Wildcards, and Kubernetes' own namespaces, on entries of ours: only as the rules write them. */
function lendUnusualNamespaces(cluster: ListedCluster): readonly GrantorStatement[] {
  const policies = unique(
    [...cluster.lending.values()].flatMap((lent) => [...lent.inNamespaces.keys()]),
  ).sort();
  return policies.flatMap((policy) =>
    bySameValue(cluster, (lent) => unusual(lent.inNamespaces.get(policy))).flatMap(
      ({ values, principals }) => {
        const { allowed, forbidden } = values;
        const outside: ConditionBlock =
          forbidden.length > 0
            ? { "ForAllValues:StringNotLike": { "eks:namespaces": forbidden } }
            : {};
        return association(
          "LendUnusual",
          cluster,
          [policy],
          principals,
          merge(IN_NAMESPACES, OURS, outside, {
            "ForAllValues:StringLike": { "eks:namespaces": allowed },
          }),
        );
      },
    ),
  );
}

/** What must be let through beyond ordinary names; undefined where the rules lend only those. */
function unusual(lent: LentNamespaces | undefined) {
  if (!lent) return undefined;
  const allowed = [...lent.namespaces].sort();
  const system = allowed.some((one) => !hasWildcard(one) && reachesSystem(one));
  if (!lent.wildcards && !system) return undefined;
  return {
    allowed,
    forbidden: [...(lent.wildcards ? [] : [WILDCARD]), ...(system ? [] : [SYSTEM])],
  };
}

const removing = (clusters: readonly ListedCluster[]): readonly GrantorStatement[] => [
  {
    Sid: "TakeAway",
    Effect: "Allow",
    Action: ["eks:DisassociateAccessPolicy"],
    Resource: everyEntry(clusters),
  },
  {
    Sid: "DeleteOurs",
    Effect: "Allow",
    Action: ["eks:DeleteAccessEntry"],
    Resource: everyEntry(clusters),
    Condition: OURS,
  },
];

/** What no allow above, and none that is added later, may reach. */
const never = (brokerRoles: readonly string[]): readonly GrantorStatement[] => [
  {
    Sid: "LeaveNodesAlone",
    Effect: "Deny",
    Action: [
      "eks:UpdateAccessEntry",
      "eks:AssociateAccessPolicy",
      "eks:DisassociateAccessPolicy",
      "eks:DeleteAccessEntry",
    ],
    Resource: ["*"],
    Condition: NOT_A_PERSONS_ENTRY,
  },
  {
    Sid: "NothingForTheBroker",
    Effect: "Deny",
    Action: ["eks:CreateAccessEntry", "eks:UpdateAccessEntry", "eks:AssociateAccessPolicy"],
    Resource: ["*"],
    Condition: { ArnEquals: { "eks:principalArn": brokerRoles } },
  },
];

const some = (values: ReadonlySet<string>) => (values.size > 0 ? [...values].sort() : undefined);

/** Principals for whom `lentOf` is the same share a statement; those for whom it is undefined have none. */
function bySameValue<Value>(
  { lending }: ListedCluster,
  lentOf: (lent: Lent) => Value | undefined,
): readonly { readonly values: Value; readonly principals: readonly string[] }[] {
  const groups = new Map<string, { values: Value; principals: string[] }>();
  for (const [principalArn, lent] of lending) {
    const values = lentOf(lent);
    if (values === undefined) continue;
    const key = JSON.stringify(values);
    const group = groups.get(key) ?? { values, principals: [] };
    group.principals.push(principalArn);
    groups.set(key, group);
  }
  return [...groups.values()];
}

const chunks = (values: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(values.length / PRINCIPALS_A_STATEMENT) }, (_, index) =>
    values.slice(index * PRINCIPALS_A_STATEMENT, (index + 1) * PRINCIPALS_A_STATEMENT),
  );

/** All of the conditions: blocks are joined operator by operator, keys under one operator too. */
const merge = (...blocks: readonly ConditionBlock[]): ConditionBlock => {
  const joined: Record<string, Record<string, string | readonly string[]>> = {};
  for (const block of blocks)
    for (const [operator, keys] of Object.entries(block))
      joined[operator] = { ...joined[operator], ...keys };
  return joined;
};

/** Statements that differ in their resources alone become one, since IAM counts characters; ids are made unique. */
function shortened(statements: readonly GrantorStatement[]): readonly GrantorStatement[] {
  const joined = new Map<string, GrantorStatement>();
  for (const statement of statements) {
    const { Resource: resources, ...rest } = statement;
    const key = JSON.stringify(rest);
    joined.set(key, {
      ...statement,
      Resource: unique([...(joined.get(key)?.Resource ?? []), ...resources]),
    });
  }
  return [...joined.values()].map((statement, index) => ({
    ...statement,
    Sid: `${statement.Sid}${index + 1}`,
  }));
}

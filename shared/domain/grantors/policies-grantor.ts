import { TAG_MANAGED_BY } from "../entries/ledger.ts";
import type { AccessPolicy } from "../policy/policy.ts";
import { deploymentOf } from "../values/deployment.ts";
import { associations } from "./association-statements.ts";
import { ownEntry } from "./entry-conditions.ts";
import { grantorDenies } from "./grantor-denies.ts";
import { type GrantorStatement, type Precision, policyOf } from "./grantor-statement.ts";
import {
  clustersOf,
  everyCluster,
  everyEntry,
  everyRole,
  type ListedCluster,
} from "./listed-cluster.ts";

/**
 * Rights of the grantor role for access policies in one account, made from `access.yaml`. Pure. The
 * file bounds what the role adds. It does not bound what the role removes. A person or a cluster
 * that has left the file must still lose access. docs/adr/0006-grantor-permissions.md has the
 * reasons, and what these statements cannot stop.
 *
 * @param account twelve digits
 * @param brokerRoles ARNs of the broker's own roles, to which nothing is ever lent
 * @param precision `coarse` only where IAM does not take what is exact
 */
export function policiesGrantorStatements(
  access: AccessPolicy,
  account: string,
  brokerRoles: readonly string[],
  precision: Precision = "exact",
): readonly GrantorStatement[] {
  const clusters = clustersOf(access, account);
  const deployment = deploymentOf(access);
  const lendingNow = clusters.filter(({ retired }) => !retired);
  return policyOf([
    ...reading(clusters),
    ...CREATIONS[precision](lendingNow).flatMap((created) => creation(created, deployment)),
    ...lendingNow.map((cluster) => tagging(cluster, deployment)),
    ...associations(access, clusters, precision),
    ...removing(clusters, deployment),
    ...DENY_GROUPS_AND_USERNAMES_AT_CREATION,
    ...grantorDenies(brokerRoles),
  ]);
}

/** A removal must be read back, so the reads reach as far as the removals. */
const reading = (clusters: readonly ListedCluster[]): readonly GrantorStatement[] => [
  {
    Sid: "ReadClusters",
    Effect: "Allow",
    Action: ["eks:DescribeCluster"],
    Resource: everyCluster(clusters),
  },
  {
    Sid: "ReadAccessEntries",
    Effect: "Allow",
    Action: ["eks:DescribeAccessEntry", "eks:ListAssociatedAccessPolicies"],
    Resource: everyEntry(clusters),
  },
  // A role's unique id differs from that of a later role of the same name.
  {
    Sid: "ReadRoleIds",
    Effect: "Allow",
    Action: ["iam:GetRole"],
    Resource: everyRole(clusters),
  },
];

/**
 * CreateAccessEntry is authorised on the cluster, everything else on the entry. Entries are created
 * without access, for everyone to whom a rule lends anything: on the cluster, or in the account.
 */
const CREATIONS: Readonly<
  Record<Precision, (clusters: readonly ListedCluster[]) => readonly (readonly ListedCluster[])[]>
> = {
  exact: (clusters) => clusters.map((cluster) => [cluster]),
  coarse: (clusters) => [clusters.filter(({ lending }) => lending.size > 0)],
};

function creation(
  clusters: readonly ListedCluster[],
  deployment: string,
): readonly GrantorStatement[] {
  const principals = new Set(clusters.flatMap(({ lending }) => [...lending.keys()]));
  if (principals.size === 0) return [];
  return [
    {
      Sid: "CreateAccessEntries",
      Effect: "Allow",
      Action: ["eks:CreateAccessEntry"],
      Resource: clusters.map(({ arn }) => arn),
      Condition: {
        StringEquals: {
          "eks:accessEntryType": "STANDARD",
          [`aws:RequestTag/${TAG_MANAGED_BY}`]: deployment,
        },
        ArnLike: { "eks:principalArn": [...principals] },
      },
    },
  ];
}

/**
 * No entry begins with groups, which are access. None begins with a username, which would be a
 * second name in Kubernetes' own logs. These are denies, and not `Null` in the allow. Where the
 * request has no such member, AWS does not say whether EKS omits the key or presents it empty. A
 * deny of any text holds in both cases.
 */
const DENY_GROUPS_AND_USERNAMES_AT_CREATION: readonly GrantorStatement[] = [
  ["DenyUsernamesAtCreation", { StringLike: { "eks:username": "?*" } }] as const,
  ["DenyGroupsAtCreation", { "ForAnyValue:StringLike": { "eks:kubernetesGroups": "?*" } }] as const,
].map(([Sid, Condition]) => ({
  Sid,
  Effect: "Deny",
  Action: ["eks:CreateAccessEntry"],
  Resource: ["*"],
  Condition,
}));

/** EKS also authorises tags of a new entry as TagResource. The broker sets no other tags. */
const tagging = ({ entries }: ListedCluster, deployment: string): GrantorStatement => ({
  Sid: "TagNewAccessEntries",
  Effect: "Allow",
  Action: ["eks:TagResource"],
  Resource: [entries],
  Condition: {
    StringEquals: { [`aws:RequestTag/${TAG_MANAGED_BY}`]: deployment },
    "ForAllValues:StringLike": { "aws:TagKeys": ["timelatch:*"] },
    StringEqualsIfExists: ownEntry(deployment).StringEquals,
  },
});

const removing = (
  clusters: readonly ListedCluster[],
  deployment: string,
): readonly GrantorStatement[] => [
  {
    Sid: "DisassociateAccessPolicies",
    Effect: "Allow",
    Action: ["eks:DisassociateAccessPolicy"],
    Resource: everyEntry(clusters),
  },
  {
    Sid: "DeleteOwnAccessEntries",
    Effect: "Allow",
    Action: ["eks:DeleteAccessEntry"],
    Resource: everyEntry(clusters),
    Condition: ownEntry(deployment),
  },
];

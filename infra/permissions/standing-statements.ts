/** Statements for standing: it reads access entries of listed clusters, stores them, and adds readings. */

import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { type ClusterArn, clusterOf } from "../../shared/domain/values/arn.ts";
import type { ConvergeQueue } from "../constructs/converge-queue.ts";
import type { Tables } from "../constructs/tables.ts";
import { allKeysLike, CHANGING_ACTIONS, STANDING } from "./function-statements.ts";
import { assumeReaders, type ReaderReach } from "./reader-reach.ts";
import { allow, deny } from "./statements.ts";

/** The clusters whose entries are read: those that are not retired. */
export const standingClusters = ({ clusters }: Pick<AccessPolicy, "clusters">): readonly string[] =>
  Object.values(clusters).flatMap(({ arn, retired }) => (retired ? [] : [arn]));

/** The ARN of an entry ends in a UUID that nobody knows before it exists. */
const entriesOf = ({ partition, region, account, name }: ClusterArn) =>
  `arn:${partition}:eks:${region}:${account}:access-entry/${name}/*`;

const rolesOf = ({ partition, account }: ClusterArn) => `arn:${partition}:iam::${account}:role/*`;

const each = (clusters: readonly string[], arnOf: (cluster: ClusterArn) => string) => [
  ...new Set(clusters.map((arn) => arnOf(clusterOf(arn)))),
];

/** Statements to read the clusters of one account, and the roles there. */
export const standingReads = (clusters: readonly string[]) =>
  clusters.length === 0
    ? []
    : [
        allow("ReadClusters", ["eks:DescribeCluster", "eks:ListAccessEntries"], clusters),
        allow(
          "ReadAccessEntries",
          ["eks:DescribeAccessEntry", "eks:ListAssociatedAccessPolicies"],
          each(clusters, entriesOf),
        ),
        // Whether a role was deleted or recreated since its entry was made.
        allow("ReadRoles", ["iam:GetRole"], each(clusters, rolesOf)),
      ];

export const standingStatements = (
  { requests, audit }: Tables,
  { queue }: Pick<ConvergeQueue, "queue">,
  reach: ReaderReach,
) => [
  ...standingReads(reach.own),
  ...assumeReaders(reach),
  allow(
    "ReadGrants",
    ["dynamodb:Query"],
    [requests.tableArn],
    allKeysLike("BIND#*", "INTENT#*", "CALLS#*", ...STANDING),
  ),
  // A record explains access only if its history bears it out. A reading follows the one before it.
  allow("ReadHistories", ["dynamodb:Query"], [audit.tableArn], allKeysLike("AUDIT#*", ...STANDING)),
  allow("AddReadings", ["dynamodb:PutItem"], [audit.tableArn], allKeysLike(...STANDING)),
  deny("DenyChangesToReadings", CHANGING_ACTIONS, [audit.tableArn]),
  allow(
    "KeepWhatWasRead",
    ["dynamodb:GetItem", "dynamodb:PutItem"],
    [requests.tableArn],
    allKeysLike(...STANDING),
  ),
  // Converge comes first.
  allow("ReadConvergeQueueLength", ["sqs:GetQueueAttributes"], [queue.queueArn]),
];

/** The findings of cdk-nag in these statements, and why each finding stays. */
export const standingFindings = (clusters: readonly string[]) =>
  Object.fromEntries([
    ...each(clusters, entriesOf).map((arn) => [
      `IAM5[Resource::${arn}]`,
      "An entry's ARN ends in a UUID that is unknown before it exists. Only reads are allowed.",
    ]),
    ...each(clusters, rolesOf).map((arn) => [
      `IAM5[Resource::${arn}]`,
      "An entry may be of any role of the account. Only GetRole is allowed.",
    ]),
  ]);

/** Lets activity read requests, ask the audit logs of listed clusters, and add evidence. */
import { AUDIT_INDEX } from "../../shared/aws/dynamodb/indexes.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { clusterOf } from "../../shared/domain/values/arn.ts";
import type { Tables } from "../constructs/tables.ts";
import { allKeysLike, CHANGING_ACTIONS } from "./function-statements.ts";
import { assumeReaders, type ReaderReach } from "./reader-reach.ts";
import { allow, deny } from "./statements.ts";

/** The clusters on which access.yaml switches activity on. */
export const activityClusters = ({ clusters }: Pick<AccessPolicy, "clusters">): readonly string[] =>
  Object.values(clusters).flatMap(({ arn, activity }) => (activity ? [arn] : []));

const logGroupOf = (arn: string): string => {
  const { partition, region, account, name } = clusterOf(arn);
  return `arn:${partition}:logs:${region}:${account}:log-group:/aws/eks/${name}/cluster:*`;
};

/** Statements to query the audit logs of clusters of one account. */
export const activityReads = (clusters: readonly string[]) =>
  clusters.length === 0
    ? []
    : [
        allow(
          "AskAuditLogs",
          ["logs:StartQuery", "logs:GetQueryResults"],
          clusters.map(logGroupOf),
        ),
      ];

export const activityStatements = ({ requests, audit }: Tables, reach: ReaderReach) => [
  allow("ReadRequests", ["dynamodb:GetItem"], [requests.tableArn], allKeysLike("REQ#*")),
  // Only converge stores calls, so they bear out a history that others can add to.
  allow("ReadCalls", ["dynamodb:Query"], [requests.tableArn], allKeysLike("CALLS#*")),
  allow(
    "QueryAuditEvents",
    ["dynamodb:Query"],
    [audit.tableArn, `${audit.tableArn}/index/${AUDIT_INDEX.audit.name}`],
  ),
  // A record, and the item that makes it the only one of its kind.
  allow("AddEvidence", ["dynamodb:PutItem"], [audit.tableArn], allKeysLike("EVID#*", "ONCE#*")),
  deny("DenyChangesToEvidence", CHANGING_ACTIONS, [audit.tableArn]),
  ...activityReads(reach.own),
  ...assumeReaders(reach),
];

/** The findings of cdk-nag in these statements, and why each finding stays. */
export const activityFindings = (clusters: readonly string[]) =>
  Object.fromEntries(
    clusters.map((arn) => [
      `IAM5[Resource::${logGroupOf(arn)}]`,
      "IAM writes a log group's ARN with `:*` at its end. It is this one group.",
    ]),
  );

/** What activity may do: read requests, ask the audit logs of listed clusters, and add evidence. */
import { AUDIT_INDEX } from "../../shared/aws/dynamodb/indexes.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { clusterOf } from "../../shared/domain/values/arn.ts";
import type { Tables } from "../constructs/tables.ts";
import { allKeysLike, CHANGING_ACTIONS } from "./function-statements.ts";
import { allow, deny } from "./statements.ts";

/**
 * ARNs of the log groups of the clusters on which access.yaml switches activity on.
 *
 * @param own the broker's account, twelve digits; undefined where it has no cluster
 * @throws Error where one of those clusters is in another account
 */
export const activityLogGroups = (
  { clusters }: Pick<AccessPolicy, "clusters">,
  own: string | undefined,
): readonly string[] =>
  Object.entries(clusters).flatMap(([listed, { arn, activity }]) => {
    if (!activity) return [];
    const { partition, region, account, name } = clusterOf(arn);
    if (account !== own)
      throw new Error(
        `access.yaml switches activity on for ${listed}, whose account ${account} is not the broker's own. Nothing was synthesized. Remove the key: audit logs of other accounts cannot be read.`,
      );
    return `arn:${partition}:logs:${region}:${account}:log-group:/aws/eks/${name}/cluster:*`;
  });

/** @param logGroups of `activityLogGroups`, at least one */
export const activityStatements = ({ requests, audit }: Tables, logGroups: readonly string[]) => [
  allow("ReadRequests", ["dynamodb:GetItem"], [requests.tableArn], allKeysLike("REQ#*")),
  allow(
    "QueryAuditEvents",
    ["dynamodb:Query"],
    [audit.tableArn, `${audit.tableArn}/index/${AUDIT_INDEX.audit.name}`],
  ),
  // A record, and the item that makes it the only one of its kind.
  allow("AddEvidence", ["dynamodb:PutItem"], [audit.tableArn], allKeysLike("EVID#*", "ONCE#*")),
  deny("DenyChangesToEvidence", CHANGING_ACTIONS, [audit.tableArn]),
  allow("AskAuditLogs", ["logs:StartQuery", "logs:GetQueryResults"], logGroups),
];

/** What cdk-nag finds in these statements, and why each finding stays. */
export const activityFindings = (logGroups: readonly string[]) =>
  Object.fromEntries(
    logGroups.map((arn) => [
      `IAM5[Resource::${arn}]`,
      "IAM writes a log group's ARN with `:*` at its end. It is this one group.",
    ]),
  );

/**
 * Queries of a cluster's audit log, in the language of CloudWatch Logs Insights. The log holds
 * `audit.k8s.io/v1` events.
 *
 * Only members before `requestObject` are asked for by name. CloudWatch finds 200 members of an
 * event, and a large object may use them up. Later members, such as the authorizer's reason, are
 * looked for in the whole text.
 */
import {
  accessPolicyArn,
  clusterOf,
  type PrincipalArn,
  parsePrincipalArn,
} from "../../values/arn.ts";
import type { ActivityWindow } from "./activity-window.ts";

/** Whether a value needs no escape in a text: it has the characters of an ARN without a path. */
const isPlain = (value: string): boolean => /^[\w+=,.@:/-]+$/.test(value);

/**
 * A value as a text between quotation marks. AWS does not document escapes in texts, so a value
 * that would need one is refused.
 *
 * @throws Error for a value that is not plain
 */
export function quotedText(value: string): string {
  if (!isPlain(value))
    throw new Error(`${JSON.stringify(value)} cannot stand in a query. The query was not made.`);
  return `"${value}"`;
}

/**
 * A value as part of a regular expression between slashes, as it stands in a text of a JSON event. A
 * backslash makes any sign stand for itself. Go's JSON may write three signs by their codes. The two
 * that mean something in the query language itself are written by theirs.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
const patternText = (value: string): string =>
  [...JSON.stringify(value).slice(1, -1)]
    .map((one) => CODED[one] ?? (/[\w:=@,-]/.test(one) ? one : `\\${one}`))
    .join("");

/** https://pkg.go.dev/encoding/json#HTMLEscape */
const CODED: Readonly<Record<string, string>> = {
  "|": "\\x7c",
  "#": "\\x23",
  "<": "(?:\\<|\\\\u003c)",
  ">": "(?:\\>|\\\\u003e)",
  "&": "(?:\\&|\\\\u0026)",
};

export interface ActivityQueries {
  /** Whether the cluster writes an audit log at all. */
  readonly alive: string;
  /** How many requests of each kind there were. */
  readonly counts: string;
  /** The requests that opened a connection, or made or deleted something that gives access. */
  readonly marks: string;
}

/** The most rows that CloudWatch returns for one query. */
export const MOST_ROWS = 10_000;

/** EKS writes several logs into one group. The audit log's streams are named so. */
const AUDIT_LOG = "filter @logStream like /kube-apiserver-audit/";

/** @throws Error for a principal whose ARN is not one of IAM's */
export function activityQueries(window: ActivityWindow): ActivityQueries {
  const own = [AUDIT_LOG, ...ownRequests(window)];
  return {
    alive: query(AUDIT_LOG, "stats count(*) as events"),
    counts: query(
      ...own,
      `stats count(*) as requests, min(@timestamp) as first, max(@timestamp) as last by ${GROUPED}`,
      `limit ${MOST_ROWS}`,
    ),
    marks: query(
      ...own,
      `filter ${anyOf([IS_STREAM, `(verb in ${listed(CHANGES)} and (${anyOf(KEPT)}))`])}`,
      `fields @timestamp, ${MARKED}`,
      "sort @timestamp asc",
      `limit ${MOST_ROWS}`,
    ),
  };
}

const GROUPED = [
  "verb",
  "objectRef.apiGroup",
  "objectRef.resource",
  "objectRef.subresource",
  "objectRef.namespace",
  "impersonatedUser.username",
  "responseStatus.code",
  "stage",
].join(", ");

const MARKED = [
  "auditID",
  "requestURI",
  "objectRef.name",
  "requestReceivedTimestamp",
  GROUPED,
].join(", ");

const query = (...commands: readonly string[]): string => commands.join("\n| ");
const anyOf = (conditions: readonly string[]): string => conditions.join(" or ");
const listed = (values: readonly string[]): string => `[${values.map(quotedText).join(", ")}]`;

const CHANGES = ["create", "update", "patch", "delete"];

const IS_STREAM = `objectRef.subresource in ${listed(["exec", "attach", "portforward"])}`;

/**
 * Calls that may give access after the grant: secrets, tokens, bindings, certificates, jobs to
 * come.
 */
const KEPT = [
  `objectRef.resource in ${listed([
    "secrets",
    "rolebindings",
    "clusterrolebindings",
    "cronjobs",
    "certificatesigningrequests",
  ])}`,
  '(objectRef.resource = "serviceaccounts" and objectRef.subresource = "token")',
];

/**
 * The principal's requests that the grant allowed, that nothing allowed, or that were made as
 * somebody else. The authorizer judges those by the other's rights, so it does not name the grant.
 */
function ownRequests(window: ActivityWindow): readonly string[] {
  const principal = parsePrincipalArn(window.principalArn);
  if (!principal)
    throw new Error(`${window.principalArn} is no role or user. The log was not asked.`);
  return [
    `filter user.extra.canonicalArn.0 in ${listed(canonicalArns(window.principalArn, principal))}`,
    'filter stage != "RequestReceived"',
    `filter ${anyOf([
      `@message like /${reasonFor(window, principal.name)}/`,
      "@message like /authorization\\.k8s\\.io\\/decision[^A-Za-z0-9]{3}forbid/",
      "ispresent(impersonatedUser.username)",
    ])}`,
  ];
}

/** The authenticator cuts a role's path off. The whole ARN costs nothing, should that ever change. */
function canonicalArns(
  arn: string,
  { partition, account, kind, name }: PrincipalArn,
): readonly string[] {
  const cut = `arn:${partition}:iam::${account}:${kind}/${name}`;
  return arn !== cut && isPlain(arn) ? [cut, arn] : [cut];
}

/**
 * How the authorizer's reason names the grant. EKS calls an association `<principal>+<policy>`. A
 * group's binding is RBAC's: `to Group "<name>"`, quoted by Go as JSON quotes.
 */
function reasonFor({ access, clusterArn }: ActivityWindow, roleName: string): string {
  if ("groups" in access)
    return `Group (?:${access.groups.map((name) => patternText(JSON.stringify(name))).join("|")})`;
  const policyArn = accessPolicyArn(clusterOf(clusterArn).partition, access.policy);
  return `${patternText(`/${roleName}+${policyArn}`)}[^A-Za-z0-9]`;
}

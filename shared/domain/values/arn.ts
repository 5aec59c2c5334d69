/**
 * Parses ARNs by their structure, never by substring.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
import { DEFAULT_DEPLOYMENT } from "./deployment.ts";

/**
 * The partition of a region. Nothing of one partition exists for another: no account, role or session.
 * https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** The partition that an ARN names; undefined for a text that is no ARN. */
export const partitionIn = (arn: string): string | undefined => /^arn:([^:]+):/.exec(arn)?.[1];

/** An IAM role or user, path included. EKS calls this a principal ARN. */
export interface PrincipalArn {
  readonly partition: string;
  readonly account: string;
  readonly kind: "role" | "user";
  /** Starts and ends with a slash, as in `/people/`; `/` where there is no path. */
  readonly path: string;
  readonly name: string;
}

const PRINCIPAL =
  /^arn:(aws|aws-cn|aws-us-gov):iam::(\d{12}):(role|user)(\/(?:[\x21-\x2e\x30-\x7e]+\/){0,16})([\w+=,.@-]{1,64})$/;

/** @returns undefined for anything but the ARN of an IAM role or user, such as a session or root */
export function parsePrincipalArn(text: string): PrincipalArn | undefined {
  if (text.length > 2_048 || /[*?%]/.test(text)) return undefined;
  const [, partition, account, kind, path, name] = PRINCIPAL.exec(text) ?? [];
  if (!partition || !account || !path || !name) return undefined;
  return { partition, account, kind: kind === "user" ? "user" : "role", path, name };
}

/** Whether both are in one account. The same twelve digits may be an account of another partition too. */
export const isInAccountOf = (
  principal: PrincipalArn | undefined,
  { partition, account }: Pick<ClusterArn, "partition" | "account">,
): boolean => principal?.partition === partition && principal.account === account;

/** AWS services create these for themselves. Only EKS can manage their access entries. */
export const isServiceLinkedRole = (principal: PrincipalArn) =>
  principal.path.startsWith("/aws-service-role/");

/** Roles of Identity Center. Many people share one, so the session name identifies the person. */
export const isIdentityCenterRole = (principal: PrincipalArn | undefined): boolean =>
  principal?.kind === "role" && principal.name.startsWith("AWSReservedSSO_");

/**
 * The session of an assumed role, as STS and API Gateway name a caller. It lacks the role's path.
 */
export interface SessionArn {
  readonly account: string;
  readonly roleName: string;
  readonly sessionName: string;
}

const SESSION =
  /^arn:(?:aws|aws-cn|aws-us-gov):sts::(\d{12}):assumed-role\/([\w+=,.@-]{1,64})\/([\w+=,.@-]{2,64})$/;

export function parseSessionArn(text: string): SessionArn | undefined {
  const [, account, roleName, sessionName] = SESSION.exec(text) ?? [];
  return account && roleName && sessionName ? { account, roleName, sessionName } : undefined;
}

export interface ClusterArn {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly name: string;
}

const CLUSTER =
  /^arn:(aws|aws-cn|aws-us-gov):eks:([a-z]{2}(?:-[a-z]+)+-\d):(\d{12}):cluster\/([0-9A-Za-z][A-Za-z0-9_-]{0,99})$/;

export function parseClusterArn(text: string): ClusterArn | undefined {
  const [, partition, region, account, name] = CLUSTER.exec(text) ?? [];
  return partition && region && account && name ? { partition, region, account, name } : undefined;
}

/** Like `parseClusterArn`, for an ARN that was validated before it was stored. */
export function clusterOf(arn: string): ClusterArn {
  const cluster = parseClusterArn(arn);
  if (!cluster) throw new Error(`${arn} is not the ARN of an EKS cluster.`);
  return cluster;
}

/** The text of an ARN that `clusterOf` parsed. */
export const clusterArnOf = ({ partition, region, account, name }: ClusterArn): string =>
  `arn:${partition}:eks:${region}:${account}:cluster/${name}`;

const POLICY_NAME = /^[A-Za-z0-9]{1,100}$/;

export const isAccessPolicyName = (text: string) => POLICY_NAME.test(text);

/** https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html */
export const accessPolicyArn = (partition: string, name: string) =>
  `arn:${partition}:eks::aws:cluster-access-policy/${name}`;

/** The name in an access policy's ARN. */
export const accessPolicyName = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

/**
 * The roles that the broker assumes in a cluster's account. The groups role may also set Kubernetes
 * groups, which no IAM condition can limit. It exists where a rule lends groups, or did.
 */
export const grantorRoleArn = (
  cluster: ClusterArn,
  kind: GrantorKind,
  deployment: string = DEFAULT_DEPLOYMENT,
) => `arn:${cluster.partition}:iam::${cluster.account}:role/${grantorRoleNames(deployment)[kind]}`;

export type GrantorKind = "policies" | "groups";

/** The names of a deployment's grantor roles, in every account with clusters. */
export const grantorRoleNames = (deployment: string): Readonly<Record<GrantorKind, string>> => ({
  policies: `${deployment}-grantor`,
  groups: `${deployment}-grantor-groups`,
});

/** The role under which Scheduler itself removes access in a cluster's account. */
export const fuseRoleArn = (
  { partition, account }: Pick<ClusterArn, "partition" | "account">,
  deployment: string = DEFAULT_DEPLOYMENT,
) => `arn:${partition}:iam::${account}:role/${deployment}-fuse`;

/** The name of the queue for fuses that Scheduler could not fire, in every place with fuses. */
export const lostFusesName = (deployment: string): string => `${deployment}-lost-fuses`;

/** That queue in the account and region of a cluster. */
export const lostFusesArn = (
  { partition, account, region }: Pick<ClusterArn, "partition" | "account" | "region">,
  deployment: string = DEFAULT_DEPLOYMENT,
) => `arn:${partition}:sqs:${region}:${account}:${lostFusesName(deployment)}`;

/** Readers of the hub in other accounts. */
export type ReaderKind = "standing" | "activity" | "correlate";

/** The role under which the hub's function of that name reads in another account. */
export const readerRoleArn = (
  { partition, account }: Pick<ClusterArn, "partition" | "account">,
  kind: ReaderKind,
  deployment: string = DEFAULT_DEPLOYMENT,
) => `arn:${partition}:iam::${account}:role/${readerRoleName(deployment, kind)}`;

/** The name of that role, in every other account with clusters. */
export const readerRoleName = (deployment: string, kind: ReaderKind): string =>
  `${deployment}-${kind}-reads`;

/** Names in the default deployment. */
export const GRANTOR_ROLE_NAMES = grantorRoleNames(DEFAULT_DEPLOYMENT);

/** Whether this is one of the broker's own roles. Access lent to one would be the power to lend. */
export const isGrantorRole = (
  { kind, name }: PrincipalArn,
  deployment: string = DEFAULT_DEPLOYMENT,
) => kind === "role" && Object.values(grantorRoleNames(deployment)).includes(name);

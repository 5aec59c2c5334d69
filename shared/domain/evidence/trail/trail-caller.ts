/**
 * CloudTrail's `userIdentity`.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
import { parsePrincipalArn, parseSessionArn } from "../../values/arn.ts";
import type { TrailCaller } from "./trail-event.ts";
import { exact, exactOrNull, labelOrNull, memberOf, Refused } from "./trail-text.ts";

const LONGEST_ARN = 2_048;

/** @throws Refused `malformed` */
export function readCaller(identity: unknown): TrailCaller {
  const field = (name: string) => memberOf(identity, name);
  const context = field("sessionContext");
  const arn = exactOrNull(field("arn"), LONGEST_ARN, "userIdentity.arn");
  return {
    type: exact(field("type"), 64, "userIdentity.type"),
    arn,
    accountId: exactOrNull(field("accountId"), 64, "userIdentity.accountId"),
    roleArn: roleOf(arn, memberOf(context, "sessionIssuer")),
    sessionName: (arn !== null && parseSessionArn(arn)?.sessionName) || null,
    sourceIdentity: exactOrNull(memberOf(context, "sourceIdentity"), 64, "sourceIdentity"),
    // CloudTrail writes an empty text for the root user's console session.
    accessKeyId: exactOrNull(field("accessKeyId") || null, 128, "accessKeyId"),
    invokedBy: labelOrNull(field("invokedBy"), 128),
  };
}

/**
 * The role behind a session. Its issuer has the whole ARN. The session's own ARN lacks the path,
 * which none of our roles has. The two must name the same role: a record that contradicts itself
 * names no role.
 */
function roleOf(arn: string | null, issuer: unknown): string | null {
  const session = arn === null ? undefined : parseSessionArn(arn);
  if (memberOf(issuer, "type") !== "Role")
    return session ? `${partitionOf(arn)}:iam::${session.account}:role/${session.roleName}` : null;
  const roleArn = exact(memberOf(issuer, "arn"), LONGEST_ARN, "sessionIssuer.arn");
  const role = parsePrincipalArn(roleArn);
  const agrees = role?.account === session?.account && role?.name === session?.roleName;
  if (session && !agrees)
    throw new Refused("malformed", "The session and its issuer are different roles.");
  return roleArn;
}

const partitionOf = (arn: string | null) => arn?.split(":").slice(0, 2).join(":");

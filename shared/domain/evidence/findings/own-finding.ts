/** Whether a person has a part in what a finding is about, and so may not acknowledge it. */
import type { AccessPolicy, Member } from "../../policy/policy.ts";
import { claimantsOf } from "../../policy/policy-index.ts";
import { isIdentityCenterRole, type PrincipalArn, parsePrincipalArn } from "../../values/arn.ts";
import type { TrailCaller } from "../trail/trail-event.ts";
import type { FoundRecord } from "./finding-record.ts";

/**
 * - `principal`: the finding is about an access entry of the person's own.
 * - `caller`: the person may have made the call, or it was made for the person.
 */
export type OwnPart = "principal" | "caller";

/** The person's part in the finding; undefined for somebody without a part in it. */
export function ownPart(
  policy: AccessPolicy,
  member: Member,
  { details }: Pick<FoundRecord, "details">,
): OwnPart | undefined {
  if (details.code === "missing-event")
    return isOneOf(member.principals, details.principalArn) ? "principal" : undefined;
  const { principalArn, caller } = details.event;
  if (principalArn !== null && isOneOf(member.principals, principalArn)) return "principal";
  return isCaller(policy, member, caller) ? "caller" : undefined;
}

/**
 * A session whose source identity is the person's name acts for the person. Many people share a role
 * of Identity Center, so only its session says who acted.
 */
function isCaller(
  policy: AccessPolicy,
  member: Member,
  { arn, roleArn, sourceIdentity }: TrailCaller,
): boolean {
  if (sourceIdentity === member.name) return true;
  const role = roleArn === null ? undefined : parsePrincipalArn(roleArn);
  const known = isIdentityCenterRole(role) ? [arn] : [arn, roleArn];
  return known.some(
    (one) =>
      one !== null &&
      (claimantsOf(policy, one).includes(member.name) || isOneOf(member.principals, one)),
  );
}

/** Names of roles and users are unique in an account, whatever their path. */
function isOneOf(principals: readonly string[], arn: string): boolean {
  const one = parsePrincipalArn(arn);
  return principals.some((each) => each === arn || isSame(parsePrincipalArn(each), one));
}

const isSame = (a: PrincipalArn | undefined, b: PrincipalArn | undefined): boolean =>
  a !== undefined && a.account === b?.account && a.kind === b.kind && a.name === b.name;

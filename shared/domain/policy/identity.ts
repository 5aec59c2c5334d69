import { parsePrincipalArn, parseSessionArn } from "../values/arn.ts";
import { type AccessPolicy, type Member, memberOf } from "./policy.ts";

/** Identity Center's roles, whose session name is the person: many people share one role. */
const IDENTITY_CENTER = "AWSReservedSSO_";

/**
 * The person behind an AWS caller; undefined for anyone whom nobody's `identities` claim.
 *
 * A session names its role without the path, and role names are unique in an account, so a role
 * identity is matched by account and name. Of an Identity Center role the session name must be
 * claimed too, as `arn:aws:sts::<account>:assumed-role/AWSReservedSSO_…/<session>`.
 */
export function personByCallerArn(policy: AccessPolicy, callerArn: string): Member | undefined {
  const claims = claimsOf(callerArn);
  const names = Object.entries(policy.people)
    .filter(([, { identities }]) => identities.iam.some((own) => claims(own)))
    .map(([name]) => name);
  const [only, ...others] = names;
  return only && others.length === 0 ? memberOf(policy, only) : undefined;
}

function claimsOf(callerArn: string): (identity: string) => boolean {
  const session = parseSessionArn(callerArn);
  if (!session) return (identity) => identity === callerArn;
  return (identity) => {
    if (identity === callerArn) return true;
    const role = parsePrincipalArn(identity);
    return (
      role?.kind === "role" &&
      role.account === session.account &&
      role.name === session.roleName &&
      !role.name.startsWith(IDENTITY_CENTER)
    );
  };
}

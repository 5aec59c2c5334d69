import { type AccessPolicy, type Member, memberOf } from "./policy.ts";
import { claimantsOf } from "./policy-index.ts";

/**
 * The person behind an AWS caller; undefined if nobody's `identities` contain the caller, or
 * several people's do.
 */
export function personByCallerArn(policy: AccessPolicy, callerArn: string): Member | undefined {
  const [only, ...others] = claimantsOf(policy, callerArn);
  return only !== undefined && others.length === 0 ? memberOf(policy, only) : undefined;
}

import { type AccessPolicy, type Member, memberOf } from "./policy.ts";
import { claimantsOf } from "./policy-index.ts";

/**
 * The person behind an AWS caller; undefined for anyone whom nobody's `identities` claim, and where
 * several people do.
 */
export function personByCallerArn(policy: AccessPolicy, callerArn: string): Member | undefined {
  const [only, ...others] = claimantsOf(policy, callerArn);
  return only !== undefined && others.length === 0 ? memberOf(policy, only) : undefined;
}

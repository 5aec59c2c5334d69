import { type AccessPolicy, isMachine, type Member, memberOf } from "./policy.ts";
import { claimantsOf, slackClaimantsOf } from "./policy-index.ts";

/**
 * The person behind an AWS caller; undefined if nobody's `identities` contain the caller, or
 * several people's do.
 */
export function personByCallerArn(policy: AccessPolicy, callerArn: string): Member | undefined {
  return onlyOne(policy, claimantsOf(policy, callerArn));
}

/**
 * The person behind a Slack user; undefined for a machine, which no Slack user is, if nobody claims one of the identities, or several people
 * do.
 *
 * @param identities each `team/user`, or `enterprise/user`
 */
export function personBySlackUser(
  policy: AccessPolicy,
  identities: readonly string[],
): Member | undefined {
  const member = onlyOne(policy, slackClaimantsOf(policy, identities));
  return member && isMachine(member) ? undefined : member;
}

const onlyOne = (policy: AccessPolicy, [only, ...others]: readonly string[]) =>
  only !== undefined && others.length === 0 ? memberOf(policy, only) : undefined;

import type { Operation } from "../service.ts";

/**
 * Needs no permission, and no policy can refuse it.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export function getCallerIdentity(): Operation {
  return {
    permissions: () => [],
    run: ({ caller }) => ({ Arn: caller.arn, UserId: caller.userId, Account: caller.accountId }),
  };
}

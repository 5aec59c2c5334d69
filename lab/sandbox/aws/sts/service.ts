import type { IamState } from "../iam/state.ts";
import type { Operation, Service } from "../service.ts";
import type { Store } from "../store.ts";
import { assumeRole } from "./assume-role.ts";

/** AWS Security Token Service: who am I, and sessions of roles. */
export function stsService(iam: Store<IamState>): Service {
  return {
    name: "sts",
    protocol: { kind: "query", xmlns: "https://sts.amazonaws.com/doc/2011-06-15/" },
    operations: { AssumeRole: assumeRole(iam), GetCallerIdentity: getCallerIdentity() },
  };
}

/**
 * Needs no permission, and no policy can refuse it.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
function getCallerIdentity(): Operation {
  return {
    permissions: () => [],
    run: ({ caller }) => ({ Arn: caller.arn, UserId: caller.userId, Account: caller.accountId }),
  };
}

import type { IamState } from "../iam/state.ts";
import type { Operation, Service } from "../service.ts";
import type { Store } from "../store.ts";
import { assumeRole } from "./assume-role.ts";
import { assumeRoleWithWebIdentity, webIdentityCaller } from "./assume-role-with-web-identity.ts";
import { issuerKeys } from "./issuer-keys.ts";

/**
 * AWS Security Token Service: who am I, and sessions of roles.
 *
 * @param outsideUrl where the issuers of web identity tokens are; by default nowhere
 */
export function stsService(iam: Store<IamState>, outsideUrl = "http://127.0.0.1:9"): Service {
  return {
    name: "sts",
    protocol: { kind: "query", xmlns: "https://sts.amazonaws.com/doc/2011-06-15/" },
    operations: {
      AssumeRole: assumeRole(iam),
      AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity(iam),
      GetCallerIdentity: getCallerIdentity(),
    },
    unsigned: { AssumeRoleWithWebIdentity: webIdentityCaller(iam, issuerKeys(outsideUrl)) },
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

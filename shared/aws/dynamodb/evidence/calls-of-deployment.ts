import {
  GRANTOR_ROLE_NAMES,
  grantorRoleNames,
  parsePrincipalArn,
} from "../../../domain/values/arn.ts";
import type { EvidenceStore } from "../../../ports/evidence-store.ts";

/**
 * Stores calls under the roles that made them. Converge names the grantor roles of the default
 * deployment; those of another one have their own names, and CloudTrail shows these.
 */
export const callsOfDeployment = (store: EvidenceStore, deployment: string): EvidenceStore => ({
  ...store,
  putCall: (call) => store.putCall({ ...call, roleArn: grantorIn(deployment, call.roleArn) }),
});

/** The ARN of the same grantor role, as the deployment names it. */
function grantorIn(deployment: string, roleArn: string): string {
  const name = parsePrincipalArn(roleArn)?.name ?? "";
  const kind = name === GRANTOR_ROLE_NAMES.groups ? "groups" : "policies";
  return roleArn.slice(0, -name.length) + grantorRoleNames(deployment)[kind];
}

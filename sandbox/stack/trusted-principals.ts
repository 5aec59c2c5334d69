/** What IAM refuses at a deployment: trust in a role that does not exist. */
import { namedRoles } from "../aws/iam/policy-document.ts";
import type { RoleResource } from "../template/stack.ts";

/**
 * The first role of a stack that IAM would refuse, and why, in IAM's words. IAM keeps the unique id of a
 * role that a trust policy names, in any account, so the role must be there first. Within a stack,
 * CloudFormation makes what others refer to before them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 *
 * @param existing ARNs of the roles that exist before
 */
export function refusedTrust(
  existing: Iterable<string>,
  roles: readonly RoleResource[],
): { readonly role: RoleResource; readonly reason: string } | undefined {
  const known = new Set([...existing, ...roles.map(({ arn }) => arn)]);
  for (const role of roles) {
    const unknown = namedRoles(role.trustPolicy).find((arn) => !known.has(arn));
    if (unknown !== undefined)
      return {
        role,
        reason: `MalformedPolicyDocument: Invalid principal in policy: "AWS":"${unknown}"`,
      };
  }
  return undefined;
}

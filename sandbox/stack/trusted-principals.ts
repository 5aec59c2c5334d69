/** What IAM refuses at a deployment: trust in a role that does not exist. */
import { namedRoles } from "../aws/iam/policy-document.ts";
import type { RoleStack } from "../template/role-stacks.ts";

/**
 * IAM keeps the unique id of a role that a trust policy names, in any account, so the role must be there
 * first. Within a stack, CloudFormation makes what others refer to before them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 *
 * @param existing ARNs of the roles that exist before
 * @param stacks in the order of their deployment
 * @throws Error in IAM's words, for the first stack that would fail
 */
export function demandTrustedPrincipals(
  existing: Iterable<string>,
  stacks: readonly RoleStack[],
): void {
  const known = new Set(existing);
  for (const { name, roles } of stacks) {
    for (const { arn } of roles) known.add(arn);
    for (const role of roles) {
      const unknown = namedRoles(role.trustPolicy).find((arn) => !known.has(arn));
      if (unknown !== undefined)
        throw new Error(
          `${name}: the role ${role.name} could not be made. MalformedPolicyDocument: Invalid principal in policy: "AWS":"${unknown}". Nothing was started.`,
        );
    }
  }
}

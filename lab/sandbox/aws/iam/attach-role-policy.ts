import type { Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { managedPolicyNamed } from "./managed-policy.ts";
import { onlyMembers, roleCheck, roleNamed } from "./role-name.ts";
import type { IamState } from "./state.ts";

/**
 * Attaches what some role has already: a policy is known by the roles that have it.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
 */
export function attachRolePolicy(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:AttachRolePolicy", input),
    run: ({ input }) => {
      onlyMembers(input, ["RoleName", "PolicyArn"]);
      const role = roleNamed(iam.state, input);
      const { arn, document } = managedPolicyNamed(iam.state, input);
      iam.change((state) => {
        state.roles[role.arn] = { ...role, policies: { ...role.policies, [arn]: document } };
      });
      return undefined;
    },
  };
}

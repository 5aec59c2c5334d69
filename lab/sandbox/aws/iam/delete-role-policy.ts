import type { Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { inlinePolicy } from "./inline-policy.ts";
import { roleCheck, roleNamed } from "./role-name.ts";
import type { IamState } from "./state.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html */
export function deleteRolePolicy(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:DeleteRolePolicy", input),
    run: ({ input }) => {
      const role = roleNamed(iam.state, input);
      const { name } = inlinePolicy(role, input);
      iam.change((state) => {
        const { [name]: _gone, ...policies } = role.policies;
        state.roles[role.arn] = { ...role, policies };
      });
      return undefined;
    },
  };
}

import { AwsError, type Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { roleCheck, roleNamed } from "./role-name.ts";
import type { IamState } from "./state.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html */
export function deleteRole(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:DeleteRole", input),
    run: ({ input }) => {
      const role = roleNamed(iam.state, input);
      if (Object.keys(role.policies).length > 0)
        throw new AwsError(
          "DeleteConflict",
          409,
          "Cannot delete entity, must delete policies first.",
        );
      iam.change((state) => {
        delete state.roles[role.arn];
      });
      return undefined;
    },
  };
}

import { AwsError, type Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { isManaged } from "./managed-policy.ts";
import { removeRole } from "./remove-role.ts";
import { roleCheck, roleNamed } from "./role-name.ts";
import type { IamState } from "./state.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html */
export function deleteRole(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:DeleteRole", input),
    run: ({ input }) => {
      const role = roleNamed(iam.state, input);
      const names = Object.keys(role.policies);
      if (names.some(isManaged))
        throw new AwsError(
          "DeleteConflict",
          409,
          "Cannot delete entity, must detach all policies first.",
        );
      if (names.length > 0)
        throw new AwsError(
          "DeleteConflict",
          409,
          "Cannot delete entity, must delete policies first.",
        );
      iam.change((state) => removeRole(state, role.arn));
      return undefined;
    },
  };
}

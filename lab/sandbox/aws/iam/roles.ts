import { AwsError, type Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { isManaged } from "./managed-policy.ts";
import { pageOf } from "./page.ts";
import type { IamReads } from "./reads.ts";
import { removeRole } from "./remove-role.ts";
import { roleAnswer } from "./role-answer.ts";
import { onlyMembers, roleCheck, roleNamed, roleNameIn } from "./role-name.ts";
import type { IamRole, IamState } from "./state.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
export function getRole({ iam, state }: IamReads): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:GetRole", input),
    run: (call) => ({
      Role: roleAnswer(roleNamed(state(call, roleNameIn(call.input)), call.input)),
    }),
  };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html */
export function listRoles(iam: Store<IamState>): Operation {
  return {
    permissions: () => [{ action: "iam:ListRoles", resource: "*" }],
    run: ({ input }) => {
      onlyMembers(input, ["PathPrefix", "Marker", "MaxItems"]);
      const prefix = String(input["PathPrefix"] ?? "/");
      const roles = Object.values(iam.state.roles)
        .filter((role) => role.path.startsWith(prefix))
        .sort((a, b) => (a.roleName < b.roleName ? -1 : 1));
      const page = pageOf(roles, (role: IamRole) => role.roleName, input);
      return {
        Roles: page.items.map(roleAnswer),
        IsTruncated: page.isTruncated,
        Marker: page.marker,
      };
    },
  };
}

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

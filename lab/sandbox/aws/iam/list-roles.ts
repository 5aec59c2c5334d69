import type { Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { pageOf } from "./page.ts";
import { roleAnswer } from "./role-answer.ts";
import { onlyMembers } from "./role-name.ts";
import type { IamRole, IamState } from "./state.ts";

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

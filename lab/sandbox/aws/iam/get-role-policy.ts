import type { Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { inlinePolicy } from "./inline-policy.ts";
import { encodeDocument } from "./policy-document.ts";
import { roleCheck, roleNamed } from "./role-name.ts";
import type { IamState } from "./state.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
export function getRolePolicy(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:GetRolePolicy", input),
    run: ({ input }) => {
      const role = roleNamed(iam.state, input);
      const { name, document } = inlinePolicy(role, input);
      return {
        RoleName: role.roleName,
        PolicyName: name,
        PolicyDocument: encodeDocument(document),
      };
    },
  };
}

import type { Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { parseIdentityPolicy } from "./policy-document.ts";
import { onlyMembers, roleCheck, roleNamed, textIn } from "./role-name.ts";
import type { IamState } from "./state.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html */
export function putRolePolicy(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:PutRolePolicy", input),
    run: ({ input }) => {
      onlyMembers(input, ["RoleName", "PolicyName", "PolicyDocument"]);
      const role = roleNamed(iam.state, input);
      const name = textIn(input, "PolicyName", /^[\w+=,.@-]{1,128}$/);
      const document = parseIdentityPolicy(input["PolicyDocument"]);
      iam.change((state) => {
        state.roles[role.arn] = { ...role, policies: { ...role.policies, [name]: document } };
      });
      return undefined;
    },
  };
}

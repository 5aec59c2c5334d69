import type { Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { policyArnIn } from "./managed-policy.ts";
import { noSuchEntity, onlyMembers, roleCheck, roleNamed } from "./role-name.ts";
import type { IamState } from "./state.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html */
export function detachRolePolicy(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:DetachRolePolicy", input),
    run: ({ input }) => {
      onlyMembers(input, ["RoleName", "PolicyArn"]);
      const role = roleNamed(iam.state, input);
      const arn = policyArnIn(input);
      if (!Object.hasOwn(role.policies, arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
      iam.change((state) => {
        const { [arn]: _detached, ...policies } = role.policies;
        state.roles[role.arn] = { ...role, policies };
      });
      return undefined;
    },
  };
}

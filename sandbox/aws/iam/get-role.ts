import type { Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { roleAnswer } from "./role-answer.ts";
import { roleCheck, roleNamed } from "./role-name.ts";
import type { IamState } from "./state.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
export function getRole(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:GetRole", input),
    run: ({ input }) => ({ Role: roleAnswer(roleNamed(iam.state, input)) }),
  };
}

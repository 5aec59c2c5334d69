import type { Operation } from "../service.ts";
import type { IamReads } from "./reads.ts";
import { roleAnswer } from "./role-answer.ts";
import { roleCheck, roleNamed, roleNameIn } from "./role-name.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
export function getRole({ iam, state }: IamReads): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:GetRole", input),
    run: (call) => ({
      Role: roleAnswer(roleNamed(state(call, roleNameIn(call.input)), call.input)),
    }),
  };
}

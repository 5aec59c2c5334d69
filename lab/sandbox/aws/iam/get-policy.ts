import type { Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { managedPolicyNamed, policyAnswer, policyArnIn } from "./managed-policy.ts";
import type { IamState } from "./state.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html */
export function getPolicy(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => [{ action: "iam:GetPolicy", resource: policyArnIn(input) }],
    run: ({ input }) => ({ Policy: policyAnswer(managedPolicyNamed(iam.state, input)) }),
  };
}

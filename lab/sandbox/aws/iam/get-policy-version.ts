import type { Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { managedPolicyNamed, onlyVersion, policyAnswer, policyArnIn } from "./managed-policy.ts";
import { encodeDocument } from "./policy-document.ts";
import type { IamState } from "./state.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html */
export function getPolicyVersion(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => [{ action: "iam:GetPolicyVersion", resource: policyArnIn(input) }],
    run: ({ input }) => {
      const policy = managedPolicyNamed(iam.state, input);
      return {
        PolicyVersion: {
          VersionId: onlyVersion(input),
          Document: encodeDocument(policy.document),
          IsDefaultVersion: true,
          CreateDate: policyAnswer(policy)["CreateDate"],
        },
      };
    },
  };
}

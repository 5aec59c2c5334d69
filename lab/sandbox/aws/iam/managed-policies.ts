import type { Operation } from "../service.ts";
import type { Store } from "../store.ts";
import {
  inScope,
  type ManagedPolicy,
  managedPolicies,
  managedPolicyNamed,
  onlyVersion,
  policyAnswer,
  policyArnIn,
} from "./managed-policy.ts";
import { pageOf } from "./page.ts";
import { encodeDocument } from "./policy-document.ts";
import { onlyMembers } from "./role-name.ts";
import type { IamState } from "./state.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html */
export function getPolicy(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => [{ action: "iam:GetPolicy", resource: policyArnIn(input) }],
    run: ({ input }) => ({ Policy: policyAnswer(managedPolicyNamed(iam.state, input)) }),
  };
}

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

/**
 * Lists what is attached to a role; AWS's other managed policies are not in the sandbox.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html
 */
export function listPolicies(iam: Store<IamState>): Operation {
  return {
    permissions: () => [{ action: "iam:ListPolicies", resource: "*" }],
    run: ({ input }) => {
      onlyMembers(input, ["Scope", "OnlyAttached", "PathPrefix", "Marker", "MaxItems"]);
      const prefix = String(input["PathPrefix"] ?? "/");
      const policies = managedPolicies(iam.state)
        .filter(inScope(input))
        .filter(({ path }) => path.startsWith(prefix));
      const page = pageOf(policies, ({ arn }: ManagedPolicy) => arn, input);
      return {
        Policies: page.items.map(policyAnswer),
        IsTruncated: page.isTruncated,
        Marker: page.marker,
      };
    },
  };
}

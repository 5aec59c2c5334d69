import type { Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { inScope, type ManagedPolicy, managedPolicies, policyAnswer } from "./managed-policy.ts";
import { pageOf } from "./page.ts";
import { onlyMembers } from "./role-name.ts";
import type { IamState } from "./state.ts";

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

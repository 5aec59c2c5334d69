import type { Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { roleCheck, roleNamed } from "./role-name.ts";
import type { IamState } from "./state.ts";

/**
 * Always empty: the sandbox keeps every policy of a role as an inline one.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html
 */
export function listAttachedRolePolicies(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:ListAttachedRolePolicies", input),
    run: ({ input }) => {
      roleNamed(iam.state, input);
      return { AttachedPolicies: [], IsTruncated: false };
    },
  };
}

import type { Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { isManaged } from "./managed-policy.ts";
import { pageOf } from "./page.ts";
import { roleCheck, roleNamed } from "./role-name.ts";
import type { IamState } from "./state.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html */
export function listRolePolicies(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:ListRolePolicies", input),
    run: ({ input }) => {
      const { policies } = roleNamed(iam.state, input);
      const names = Object.keys(policies)
        .filter((name) => !isManaged(name))
        .sort();
      const page = pageOf(names, (name: string) => name, input);
      return { PolicyNames: page.items, IsTruncated: page.isTruncated, Marker: page.marker };
    },
  };
}

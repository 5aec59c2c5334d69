import type { Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { isManaged, managedName } from "./managed-policy.ts";
import { pageOf } from "./page.ts";
import { onlyMembers, roleCheck, roleNamed } from "./role-name.ts";
import type { IamState } from "./state.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html */
export function listAttachedRolePolicies(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:ListAttachedRolePolicies", input),
    run: ({ input }) => {
      onlyMembers(input, ["RoleName", "Marker", "MaxItems"]);
      const arns = Object.keys(roleNamed(iam.state, input).policies).filter(isManaged).sort();
      const page = pageOf(arns, (arn: string) => arn, input);
      return {
        AttachedPolicies: page.items.map((arn) => ({
          PolicyName: managedName(arn),
          PolicyArn: arn,
        })),
        IsTruncated: page.isTruncated,
        Marker: page.marker,
      };
    },
  };
}

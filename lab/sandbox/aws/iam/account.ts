import type { Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { onlyMembers } from "./role-name.ts";
import type { IamState } from "./state.ts";

/**
 * The account has no users: its people take roles.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html
 */
export function listUsers(): Operation {
  return {
    permissions: () => [{ action: "iam:ListUsers", resource: "*" }],
    run: ({ input }) => {
      onlyMembers(input, ["PathPrefix", "Marker", "MaxItems"]);
      return { Users: [], IsTruncated: false };
    },
  };
}

/** IAM's default. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const ROLES_QUOTA = 1_000;

/** Only roles: the account has nothing else that the summary counts. */
export function getAccountSummary(iam: Store<IamState>): Operation {
  return {
    permissions: () => [{ action: "iam:GetAccountSummary", resource: "*" }],
    run: ({ input }) => {
      onlyMembers(input, []);
      const roles = Object.keys(iam.state.roles).length;
      return {
        SummaryMap: new Map([
          ["Roles", roles],
          ["RolesQuota", ROLES_QUOTA],
        ]),
      };
    },
  };
}

import type { Operation } from "../service.ts";
import { onlyMembers } from "./role-name.ts";

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

import { encodeDocument } from "./policy-document.ts";
import type { IamRole } from "./state.ts";

/** The `Role` structure of GetRole, CreateRole and ListRoles. */
export function roleAnswer(role: IamRole): Record<string, unknown> {
  return {
    Path: role.path,
    RoleName: role.roleName,
    RoleId: role.roleId,
    Arn: role.arn,
    // IAM counts in whole seconds.
    CreateDate: role.createDate.replace(/\.\d+Z$/, "Z"),
    AssumeRolePolicyDocument: encodeDocument(role.assumeRolePolicyDocument),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDuration,
    PermissionsBoundary: role.boundary && {
      PermissionsBoundaryType: "Policy",
      PermissionsBoundaryArn: role.boundary.arn,
    },
  };
}

import { AwsError, type Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { uniqueId } from "../unique-id.ts";
import { refusedText } from "./iam-text.ts";
import { parseTrustPolicy } from "./policy-document.ts";
import { roleAnswer } from "./role-answer.ts";
import {
  findRole,
  onlyMembers,
  roleArn,
  roleNameIn,
  textIn,
  validationError,
} from "./role-name.ts";
import type { IamRole, IamState } from "./state.ts";

/**
 * Each creation makes a new unique id, so that a role of an earlier one's name is another principal.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
export function createRole(iam: Store<IamState>): Operation {
  return {
    permissions: (input, caller) => [
      {
        action: "iam:CreateRole",
        resource: roleArn(caller.accountId, pathIn(input), roleNameIn(input)),
      },
    ],
    run: ({ input, now }) => {
      onlyMembers(input, [
        "RoleName",
        "Path",
        "AssumeRolePolicyDocument",
        "Description",
        "MaxSessionDuration",
      ]);
      const roleName = roleNameIn(input);
      if (findRole(iam.state, roleName))
        throw new AwsError(
          "EntityAlreadyExists",
          409,
          `Role with name ${roleName} already exists.`,
        );
      const refused = refusedText("description", String(input["Description"] ?? ""));
      if (refused !== undefined) throw validationError(refused);
      const path = pathIn(input);
      const role: IamRole = {
        kind: "role",
        arn: roleArn(iam.state.accountId, path, roleName),
        roleName,
        path,
        roleId: uniqueId("AROA"),
        createDate: now.toISOString(),
        assumeRolePolicyDocument: parseTrustPolicy(iam.state, input["AssumeRolePolicyDocument"]),
        policies: {},
        maxSessionDuration: durationIn(input),
        ...(typeof input["Description"] === "string" ? { description: input["Description"] } : {}),
      };
      iam.change((state) => {
        state.roles[role.arn] = role;
      });
      return { Role: roleAnswer(role) };
    },
  };
}

function pathIn(input: Record<string, unknown>): string {
  return input["Path"] === undefined
    ? "/"
    : textIn(input, "Path", /^(?=.{1,512}$)(\/|\/[\x21-\x7e]+\/)$/);
}

function durationIn(input: Record<string, unknown>): number {
  const seconds = Number(input["MaxSessionDuration"] ?? 3600);
  if (!Number.isInteger(seconds) || seconds < 3600 || seconds > 43_200)
    throw validationError("MaxSessionDuration is a whole number of seconds from 3600 to 43200.");
  return seconds;
}

/** The two roles of StackSets with self-managed permissions, as AWS's own templates make them. */
import { ACCOUNT } from "../../../../lab/sandbox/world/account.ts";

const ADMINISTRATION = "AWSCloudFormationStackSetAdministrationRole";
const EXECUTION = "AWSCloudFormationStackSetExecutionRole";

const roleTemplate = (
  RoleName: string,
  Principal: Readonly<Record<string, string>>,
  permissions: Readonly<Record<string, unknown>>,
  Condition?: Readonly<Record<string, unknown>>,
) => {
  const document = (statement: object) => ({ Version: "2012-10-17", Statement: [statement] });
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal };
  const Properties = {
    RoleName,
    AssumeRolePolicyDocument: document(Condition ? { ...trust, Condition } : trust),
    Policies: [
      { PolicyName: "Permissions", PolicyDocument: document({ Effect: "Allow", ...permissions }) },
    ],
  };
  return JSON.stringify({ Resources: { Role: { Type: "AWS::IAM::Role", Properties } } });
};

/** The administrator account's. @param account whose stack sets may use it */
export const administrationRole = (
  account = ACCOUNT,
  Resource = `arn:aws:iam::*:role/${EXECUTION}`,
) =>
  roleTemplate(
    ADMINISTRATION,
    { Service: "cloudformation.amazonaws.com" },
    { Action: "sts:AssumeRole", Resource },
    {
      StringEquals: { "aws:SourceAccount": account },
      StringLike: { "aws:SourceArn": `arn:aws:cloudformation:*:${account}:stackset/*` },
    },
  );

/** A target account's. */
export const executionRole = (Action: string | readonly string[] = "*", trusted = ACCOUNT) =>
  roleTemplate(EXECUTION, { AWS: `arn:aws:iam::${trusted}:root` }, { Action, Resource: "*" });

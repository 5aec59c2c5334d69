import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, type AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import { ACCOUNT } from "../../../../../lab/sandbox/world/account.ts";
import { type Attempt, type Attempts, type InAccount, person } from "./attempt.ts";

export const POLICIES_GRANTOR = "timelatch-grantor";
export const GROUPS_GRANTOR = "timelatch-grantor-groups";

export const assume =
  (role: InAccount, over: Partial<AssumeRoleCommandInput> = {}): Attempt =>
  ({ sts }, account) =>
    sts.send(
      new AssumeRoleCommand({
        RoleArn: role(account),
        RoleSessionName: "timelatch-1",
        SourceIdentity: "alice",
        ...over,
      }),
    );
export const named =
  (role: string): InAccount =>
  () =>
    `arn:aws:iam::${ACCOUNT}:role/${role}`;
export const ROLES_OF_OTHERS: Attempts = {
  "become alice": assume(() => person("alice")),
  "become the account's administrator": assume(named("admin")),
  "become the deployer": assume(named("ci-deployer")),
};
export const GRANTOR_ROLES: Attempts = {
  "become the grantor": assume(named(POLICIES_GRANTOR)),
  "become the grantor of groups": assume(named(GROUPS_GRANTOR)),
};

export const inIam = (roleName: InAccount): Attempts => ({
  "give itself more rights": ({ iam }, account) =>
    iam.send(
      new PutRolePolicyCommand({
        RoleName: roleName(account),
        PolicyName: "more",
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
        }),
      }),
    ),
  "make a role": ({ iam }) =>
    iam.send(new CreateRoleCommand({ RoleName: "new", AssumeRolePolicyDocument: "{}" })),
});
export const roleName =
  (part: string): InAccount =>
  (account) =>
    account.roleArn(part).split("/").at(-1) ?? "";

/**
 * Refusals of StackSets: those of AWS, of options that the sandbox does not emulate, and of callers
 * without permission.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { ACCOUNT, REGION, SPOKE_ACCOUNT } from "../../../../lab/sandbox/world/account.ts";
import { profileCredential } from "../../../../lab/sandbox/world/people.ts";
import { type Answered, cloudFormationWorld, rolesTemplate } from "./cloudformation-world.ts";

let world: Awaited<ReturnType<typeof cloudFormationWorld>>;
const StackSetName = "Refused";
beforeAll(async () => {
  world = await cloudFormationWorld();
  await world.admin("CreateStackSet", { StackSetName, ...ROLES });
  await world.admin("CreateStackInstances", { StackSetName, OperationId: "known", ...SPOKE });
});
afterAll(() => world.close());

const TemplateBody = rolesTemplate({ One: `arn:aws:iam::${SPOKE_ACCOUNT}:root` });
const ROLES = { TemplateBody, "Capabilities.member.1": "CAPABILITY_NAMED_IAM" };
const SPOKE = { "Accounts.member.1": SPOKE_ACCOUNT, "Regions.member.1": REGION };
const STORED = rolesTemplate(
  { One: `arn:aws:iam::${SPOKE_ACCOUNT}:root` },
  {
    Parameters: {
      Stored: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/timelatch/slack/bot-token" },
    },
  },
);
const notEmulated = (what: string, operation: string) =>
  `400 ValidationError: The sandbox does not emulate ${what} of ${operation}. Nothing was changed.`;

type Case = readonly [operation: string, given: Readonly<Record<string, string>>, says: string];

const CASES: readonly Case[] = [
  [
    "CreateStackSet",
    { ...ROLES, PermissionModel: "SERVICE_MANAGED" },
    notEmulated("the PermissionModel SERVICE_MANAGED", "CreateStackSet"),
  ],
  [
    "CreateStackSet",
    { ...ROLES, CallAs: "DELEGATED_ADMIN" },
    notEmulated("the CallAs DELEGATED_ADMIN", "CreateStackSet"),
  ],
  ...["AutoDeployment.Enabled", "AdministrationRoleARN", "ExecutionRoleName", "StackId"].map(
    (member): Case => [
      "CreateStackSet",
      { ...ROLES, [member]: "true" },
      notEmulated(member.split(".")[0] ?? "", "CreateStackSet"),
    ],
  ),
  [
    "CreateStackSet",
    { TemplateBody },
    "400 InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]",
  ],
  [
    "CreateStackSet",
    {},
    "400 ValidationError: Either Template URL or Template Body must be specified.",
  ],
  [
    "CreateStackSet",
    { ...ROLES, StackSetName: "1st" },
    "400 ValidationError: 1 validation error detected: Value '1st' at 'stackSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z][-a-zA-Z0-9]{0,127}$",
  ],
  [
    "CreateStackSet",
    ROLES,
    "409 NameAlreadyExistsException: StackSet Refused already exists in us-west-2 of account 111122223333",
  ],
  [
    "UpdateStackSet",
    { TemplateBody: STORED, "Capabilities.member.1": "CAPABILITY_NAMED_IAM" },
    "400 ValidationError: The sandbox does not emulate values of Parameter Store in stack sets, as of Stored. Nothing was changed.",
  ],
  ["UpdateStackSet", { ...ROLES, ...SPOKE }, notEmulated("Accounts", "UpdateStackSet")],
  [
    "CreateStackInstances",
    { ...SPOKE, "DeploymentTargets.Accounts.member.1": SPOKE_ACCOUNT },
    notEmulated("DeploymentTargets", "CreateStackInstances"),
  ],
  [
    "CreateStackInstances",
    { ...SPOKE, "ParameterOverrides.member.1.ParameterKey": "Key" },
    notEmulated("ParameterOverrides", "CreateStackInstances"),
  ],
  [
    "CreateStackInstances",
    { ...SPOKE, "OperationPreferences.FailureToleranceCount": "1" },
    notEmulated("the FailureToleranceCount 1", "CreateStackInstances"),
  ],
  [
    "CreateStackInstances",
    { ...SPOKE, "OperationPreferences.RegionOrder.member.1": REGION },
    notEmulated(`the RegionOrder ["us-west-2"]`, "CreateStackInstances"),
  ],
  [
    "CreateStackInstances",
    { ...SPOKE, "Accounts.member.1": "999999999999" },
    "400 ValidationError: The sandbox does not emulate the region us-west-2 of account 999999999999. Nothing was changed.",
  ],
  [
    "CreateStackInstances",
    { ...SPOKE, "Regions.member.1": "ap-south-1" },
    "400 ValidationError: The sandbox does not emulate the region ap-south-1 of account 444455556666. Nothing was changed.",
  ],
  [
    "CreateStackInstances",
    { "Regions.member.1": REGION },
    "400 ValidationError: 1 validation error detected: Value null at 'accounts' failed to satisfy constraint: Member must not be null",
  ],
  [
    "CreateStackInstances",
    { ...SPOKE, StackSetName: "Nowhere" },
    "404 StackSetNotFoundException: StackSet Nowhere not found",
  ],
  [
    "CreateStackInstances",
    { ...SPOKE, OperationId: "known" },
    "409 OperationIdAlreadyExistsException: Operation known of StackSet ID already exists",
  ],
  [
    "DeleteStackInstances",
    SPOKE,
    "400 ValidationError: 1 validation error detected: Value null at 'retainStacks' failed to satisfy constraint: Member must not be null",
  ],
  [
    "DescribeStackSetOperation",
    { OperationId: "unknown" },
    "404 OperationNotFoundException: Operation unknown of StackSet ID not found",
  ],
  [
    "DescribeStackInstance",
    { StackInstanceAccount: SPOKE_ACCOUNT, StackInstanceRegion: "eu-west-1" },
    "404 StackInstanceNotFoundException: StackSet ID has no stack instance of account 444455556666 in eu-west-1",
  ],
  [
    "ListStackInstances",
    { "Filters.member.1.Name": "DRIFT_STATUS" },
    notEmulated("Filters", "ListStackInstances"),
  ],
  ...[
    ...["DetectStackSetDrift", "ImportStacksToStackSet", "StopStackSetOperation"],
    "UpdateStackInstances",
  ].map(
    (operation): Case => [
      operation,
      {},
      `400 InvalidAction: cloudformation:${operation} is not emulated by the sandbox.`,
    ],
  ),
];

const refusal = ({ status, first }: Answered) => `${status} ${first("Code")}: ${first("Message")}`;
const now = () => JSON.stringify(world.state.cloudFormation.state);

it.each(CASES)("%s with %j is refused, and nothing is changed", async (operation, given, says) => {
  const before = now();
  const answer = await world.admin(operation, { StackSetName, ...given });
  expect(refusal(answer).replace(/Refused:[0-9a-f-]{36}/, "ID")).toBe(says);
  expect(now()).toBe(before);
});

it("AWS's own preferences may be named", async () => {
  const preferences = {
    "OperationPreferences.RegionConcurrencyType": "SEQUENTIAL",
    "OperationPreferences.MaxConcurrentCount": "1",
  };
  const given = { StackSetName, ...SPOKE, ...preferences, CallAs: "SELF" };
  expect((await world.admin("CreateStackInstances", given)).status).toBe(200);
});

it.each([
  ...["CreateStackSet", "DescribeStackSet", "ListStackSets", "UpdateStackSet", "DeleteStackSet"],
  ...["CreateStackInstances", "DescribeStackInstance", "ListStackInstances"],
  ...["DeleteStackInstances", "DescribeStackSetOperation", "ListStackSetOperations"],
  "ListStackSetOperationResults",
])("%s is refused by IAM where no policy allows it", async (operation) => {
  const answer = await world.alice(operation, { StackSetName, ...ROLES, ...SPOKE });
  expect(refusal(answer)).toContain("403 AccessDenied");
  expect(answer.first("Message")).toContain(`cloudformation:${operation}`);
});

it("A policy may name the regions that stack sets work in", async () => {
  const { iam } = world.state;
  const admin = profileCredential(iam.state, "admin");
  const role = iam.state.roles[admin?.roleArn ?? ""];
  if (!admin || !role) throw new Error("The world has no administrator.");
  const arn = `arn:aws:iam::${ACCOUNT}:role/regional`;
  const Statement = [
    {
      Effect: "Allow",
      Action: "cloudformation:*",
      Resource: "*",
      Condition: { "ForAllValues:StringEquals": { "cloudformation:TargetRegion": [REGION] } },
    },
  ];
  const policies = { Regional: { Version: "2012-10-17", Statement } };
  const key = {
    ...admin,
    accessKeyId: "ASIAREGIONAL00000000",
    roleArn: arn,
    roleId: "AROAREGIONAL",
  };
  iam.change(({ roles, credentials }) => {
    roles[arn] = { ...role, arn, roleName: "regional", roleId: key.roleId, policies };
    credentials[key.accessKeyId] = key;
  });
  const call = world.callOf(key);
  const given = { StackSetName, ...SPOKE };
  expect((await call("CreateStackInstances", given)).status).toBe(200);
  const far = { ...given, "Regions.member.1": "eu-west-1" };
  expect((await call("CreateStackInstances", far)).status).toBe(403);
});

/** The policy of CloudFormation's role, computed from the templates: enough for them, and not one statement more. */
import { Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, it } from "vitest";
import type { AssemblyStack } from "../../../../cli/deployment/assembly.ts";
import {
  type ExecutionStatement,
  executionStatements,
  packedPolicies,
} from "../../../../cli/deployment/execution/execution-policies.ts";
import type { StackOrder } from "../../../../lab/sandbox/aws/cloudformation/engine.ts";
import type { IamRole, IamState } from "../../../../lab/sandbox/aws/iam/state.ts";
import type { Caller } from "../../../../lab/sandbox/aws/service.ts";
import {
  demandMakes,
  demandParameters,
} from "../../../../lab/sandbox/stack/resource-permissions.ts";
import type { Template as TemplateJson } from "../../../../lab/sandbox/template/assembly.ts";
import { loadStack } from "../../../../lab/sandbox/template/load-stack.ts";
import type { Stack } from "../../../../lab/sandbox/template/stack.ts";
import { HUB, SPOKE, stacksIn, ZONES } from "../../../infra/zone-stacks.ts";

const URLS = { awsUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2" };
const VERSION = "/cdk-bootstrap/hnb659fds/version";

interface Deployable {
  readonly assembled: AssemblyStack;
  readonly loaded: Stack;
}

/** As the CDK assembles them, and as the sandbox would deploy them. */
function deployables(): readonly Deployable[] {
  const [zone] = ZONES;
  if (!zone) throw new Error("There is no zone.");
  let policies: Stack["managedPolicies"] = {};
  return stacksIn(zone).map((stack) => {
    const { stackName: name, account, region } = stack;
    const template = Template.fromStack(stack).toJSON() as TemplateJson;
    const loaded = loadStack(
      {
        stackName: name,
        template,
        assetDir: () => "/not-run",
        parameters: { BootstrapVersion: "30" },
      },
      { account, region, stackName: name, ...URLS },
      policies,
    );
    policies = { ...policies, ...loaded.managedPolicies };
    const roles = { deployRole: undefined, lookupRole: undefined };
    const facts = { bytes: 0, isProtected: false, hasCode: false };
    return {
      assembled: {
        name,
        account,
        region,
        ...roles,
        ...facts,
        template,
      } as unknown as AssemblyStack,
      loaded,
    };
  });
}

let all: readonly Deployable[];
beforeAll(() => {
  all = deployables();
});
const inAccount = (account: string) => all.filter(({ assembled }) => assembled.account === account);
const statementsFor = (account: string) =>
  executionStatements(inAccount(account).map(({ assembled }) => assembled));

/** Why a deployment of the account's stacks is refused under these statements; undefined where it is not. */
async function refusal(
  account: string,
  statements: readonly ExecutionStatement[],
): Promise<string | undefined> {
  const arn = `arn:aws:iam::${account}:role/cdk-hnb659fds-cfn-exec-role-${account}-us-west-2`;
  const role: IamRole = {
    kind: "role",
    arn,
    roleName: "cdk",
    path: "/",
    roleId: "AROACDK",
    maxSessionDuration: 3_600,
    createDate: "2026-11-01T00:00:00.000Z",
    assumeRolePolicyDocument: {},
    policies: Object.fromEntries(
      packedPolicies(statements).map((policy, at) => [`p${at}`, { ...policy }]),
    ),
  };
  const iam: IamState = { accountId: account, roles: { [arn]: role }, credentials: {} };
  const actor: Caller = {
    arn: `arn:aws:sts::${account}:assumed-role/cdk/AWSCloudFormation`,
    principalArn: arn,
    accountId: account,
    userId: "AROACDK:c",
    accessKeyId: "",
  };
  try {
    for (const { assembled, loaded } of inAccount(account)) {
      const given = assembled.template.Parameters ? { V: { value: VERSION, resolved: "30" } } : {};
      const order = { actor, account, region: assembled.region, input: { parameters: given } };
      await demandParameters(iam, order as unknown as StackOrder);
      const made = loaded.members.map(({ logicalId, type, id, isRetained }) => ({
        logicalId,
        type,
        physicalId: id,
        isRetained,
      }));
      await demandMakes(iam, { actor }, loaded, made);
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe.each([HUB, SPOKE])("The policy for the stacks of %s", (account) => {
  it("Under it and nothing else, every stack of the account is deployed", async () => {
    expect(inAccount(account).length).toBeGreaterThan(1);
    expect(await refusal(account, statementsFor(account))).toBeUndefined();
  });

  it("With one statement less, a stack is refused, whichever it is", async () => {
    const statements = statementsFor(account);
    for (const [at, { Action }] of statements.entries())
      expect(await refusal(account, statements.toSpliced(at, 1)), Action.join()).toContain(
        "is not authorized to perform",
      );
  });

  it("Each of its policies fits into IAM's limit, and a role can carry them all", () => {
    const policies = packedPolicies(statementsFor(account));
    for (const policy of policies) expect(JSON.stringify(policy).length).toBeLessThanOrEqual(6_144);
    expect(policies.length).toBeLessThanOrEqual(4);
  });

  it("It is on names of the deployment, unless AWS has no name beforehand", () => {
    const wide = statementsFor(account)
      .filter(({ Resource, Condition }) => Resource.includes("*") && !Condition)
      .flatMap(({ Action }) => Action);
    for (const action of wide)
      expect(action).toMatch(
        /^(?:logs:\w*(?:LogDelivery|LogDeliveries|ResourcePolic\w+|DescribeLogGroups)|kms:(?:CreateKey|TagResource))$/,
      );
    for (const { Action, Resource } of statementsFor(account))
      expect(
        [Action, Resource].flat().filter((text) => /^\w+:\*$/.test(text) || /:\*:\*$/.test(text)),
      ).toEqual([]);
  });
});

describe("The input of the policy", () => {
  it("A type of which nothing is known is named, and no policy is written", () => {
    const [first] = all;
    if (!first) throw new Error("There is no stack.");
    const template = { Resources: { Topic: { Type: "AWS::SNS::Topic" } } };
    expect(() => executionStatements([{ ...first.assembled, template }])).toThrow(
      expect.objectContaining({ code: "execution-unknown" }),
    );
  });

  it("The deployer may delete a bucket and a key that a failed deployment made, unless they are retained", () => {
    const [first] = all;
    if (!first) throw new Error("There is no stack.");
    const actionsWith = (DeletionPolicy: string) => {
      const Resources = {
        Bucket: { Type: "AWS::S3::Bucket", DeletionPolicy },
        Key: { Type: "AWS::KMS::Key", DeletionPolicy },
      };
      const stack = { ...first.assembled, template: { Resources } };
      return executionStatements([stack]).flatMap(({ Action }) => Action);
    };
    const deletes = ["s3:DeleteBucket", "kms:ScheduleKeyDeletion"];
    expect(actionsWith("RetainExceptOnCreate")).toEqual(expect.arrayContaining(deletes));
    for (const action of deletes) expect(actionsWith("Retain")).not.toContain(action);
  });

  it("Roles are passed to the services that take them, and to no others", () => {
    const passes = statementsFor(SPOKE).filter(({ Action }) => Action.includes("iam:PassRole"));
    expect(passes).toEqual([
      {
        Effect: "Allow",
        Action: ["iam:PassRole"],
        Resource: [`arn:aws:iam::${SPOKE}:role/timelatch-forward`],
        Condition: { StringEquals: { "iam:PassedToService": "events.amazonaws.com" } },
      },
    ]);
  });
});

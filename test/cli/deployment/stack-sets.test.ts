/** The real AWS CLI puts a spoke into its account by StackSets, as docs/deploy.md says; and what `timelatch` makes of that. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { App, type Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { deployedStacks } from "../../../cli/deployment/deployed-stacks.ts";
import { accountSight } from "../../../cli/doctor/aws/account-sight.ts";
import { addClusterAccounts } from "../../../infra/synth/cluster-accounts.ts";
import { addForwardStacks } from "../../../infra/synth/forward-stacks.ts";
import { inRepository } from "../../../infra/synth/repository.ts";
import { topologyOf } from "../../../infra/synth/topology.ts";
import type { Credential } from "../../../lab/sandbox/aws/iam/state.ts";
import { ACCOUNT, HOME, REGION, SPOKE_ACCOUNT } from "../../../lab/sandbox/world/account.ts";
import { profileCredential } from "../../../lab/sandbox/world/people.ts";
import { spokeAdminKey } from "../../../lab/sandbox/world/spoke-admin.ts";
import { awsFolder } from "../../aws-cli/shared.ts";
import { sampleWith } from "../../infra/broker.ts";
import { cloudFormationWorld, deployed } from "../../lab/sandbox/stack/cloudformation-world.ts";
import { administrationRole, executionRole } from "../../lab/sandbox/stack/stack-set-roles.ts";

const NAME = `TimelatchAccount-${SPOKE_ACCOUNT}`;
const FORWARD = `TimelatchForward-${SPOKE_ACCOUNT}-${REGION}`;

let world: Awaited<ReturnType<typeof cloudFormationWorld>>;
beforeAll(async () => {
  world = await cloudFormationWorld();
  await deployed(world.admin, "Administration", administrationRole());
  await deployed(world.spokeAdmin, "Execution", executionRole());
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await world.close();
});

const BUS = `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/timelatch-trail`;
const HUB_BUS = JSON.stringify({
  Resources: {
    Bus: {
      Type: "AWS::Events::EventBus",
      Properties: {
        Name: "timelatch-trail",
        Policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "events:PutEvents",
              Resource: BUS,
              Principal: { AWS: `arn:aws:iam::${SPOKE_ACCOUNT}:root` },
            },
          ],
        },
      },
    },
  },
});

/** The spoke's stack and the one that forwards its events, as they are synthesized. */
function spokeTemplates(): readonly [string, string] {
  const access = sampleWith(({ clusters }) =>
    Object.assign(clusters, {
      spoke: { arn: `arn:aws:eks:${REGION}:${SPOKE_ACCOUNT}:cluster/spoke` },
    }),
  );
  const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
  const topology = topologyOf(access, HOME);
  const [stack] = addClusterAccounts(app, access, topology);
  const [forward] = addForwardStacks(app, access, topology);
  if (stack?.stackName !== NAME || forward?.stackName !== FORWARD)
    throw new Error("There are no stacks of the other account.");
  // As the CDK writes it.
  const textOf = (one: Stack) => JSON.stringify(Template.fromStack(one).toJSON(), null, 1);
  return [textOf(stack), textOf(forward)];
}
const [template, forwardTemplate] = spokeTemplates();

const deployDocument = () => readFileSync(inRepository("docs/deploy.md"), "utf8");

/** The command lines of docs/deploy.md for StackSets. */
const stackSetLines = () =>
  deployDocument()
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.startsWith("aws cloudformation create-stack-"));

/** A command that the sentences of docs/deploy.md name, without the set's name. */
function named(operation: string): string {
  const [, command] =
    new RegExp(`\\x60((?:aws cloudformation )?${operation}[^\\x60]*)\\x60`).exec(
      deployDocument().replaceAll(/\s+/g, " "),
    ) ?? [];
  if (command === undefined) throw new Error(`docs/deploy.md does not name ${operation}.`);
  return command.startsWith("aws") ? command : `aws cloudformation ${command}`;
}

const keysOf = (key: Credential | undefined) => ({
  AWS_ACCESS_KEY_ID: key?.accessKeyId ?? "",
  AWS_SECRET_ACCESS_KEY: key?.secretAccessKey ?? "",
  AWS_SESSION_TOKEN: key?.sessionToken ?? "",
});

/** A folder with the assembly's templates. */
function workingFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "stack-sets-"));
  mkdirSync(path.join(folder, "cdk.out"));
  writeFileSync(path.join(folder, "cdk.out", `${NAME}.template.json`), template);
  writeFileSync(path.join(folder, "cdk.out", `${FORWARD}.template.json`), forwardTemplate);
  return folder;
}

/** Runs a line of the document as the administrator of the broker's account. */
async function run(line: string, cwd: string): Promise<string> {
  const env = {
    PATH: `${await awsFolder()}:${process.env["PATH"]}`,
    HOME: cwd,
    AWS_ENDPOINT_URL: world.url,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    ...keysOf(profileCredential(world.state.iam.state, "admin")),
  };
  return (await promisify(execFile)("sh", ["-c", line], { cwd, env })).stdout;
}

/** The stacks of the other account, with their statuses. */
const spokeStacks = () =>
  world.state.cloudFormation.state.stacks
    .filter(({ account, name }) => account === SPOKE_ACCOUNT && name.includes(NAME))
    .map(({ name, status }) => `${name} ${status}`);

const grantor = () =>
  world.state.iam.state.roles[`arn:aws:iam::${SPOKE_ACCOUNT}:role/timelatch-grantor`];

it("The two commands of docs/deploy.md put a spoke's stack into its account, under the set's name", async () => {
  const folder = workingFolder();
  const [create = "", instances = ""] = stackSetLines();
  expect(JSON.parse(await run(create, folder)).StackSetId).toMatch(`${NAME}:`);
  expect(JSON.parse(await run(instances, folder)).OperationId).toMatch(/^[0-9a-f-]{36}$/);
  expect(spokeStacks()).toEqual([
    expect.stringMatching(`^StackSet-${NAME}-[0-9a-f-]{36} CREATE_COMPLETE$`),
  ]);
  expect(grantor()).toBeDefined();
});

it("The other two forward its events, once the broker's bus is there", async () => {
  const folder = workingFolder();
  const [create = "", instances = "", ...others] = stackSetLines().slice(2);
  expect(others).toEqual([]);
  await deployed(world.admin, "Hub", HUB_BUS);
  await run(create, folder);
  await run(instances, folder);
  await vi.waitFor(() =>
    expect(world.stacks.eventRules()).toMatchObject([
      {
        arn: `arn:aws:events:${REGION}:${SPOKE_ACCOUNT}:rule/timelatch-forward`,
        targets: [{ arn: BUS, roleArn: `arn:aws:iam::${SPOKE_ACCOUNT}:role/timelatch-forward` }],
      },
    ]),
  );
});

it("timelatch doctor finds that stack by the set's name", async () => {
  vi.stubEnv("AWS_ENDPOINT_URL", world.url);
  const keys = keysOf(spokeAdminKey(world.state.iam.state, "spoke-admin"));
  for (const [name, value] of Object.entries(keys)) vi.stubEnv(name, value);
  const sight = accountSight({ region: REGION });
  const contents = await sight.stackContents(NAME, REGION);
  expect(contents?.template).toEqual(JSON.parse(template));
  expect([...(contents?.resources.values() ?? [])]).toContain("timelatch-grantor");
  // The name of a set that only begins so is another one's.
  expect(await sight.stackContents("TimelatchAccount", REGION)).toBeUndefined();
});

it("timelatch deploy does not know that stack; another one with its roles is refused, and the roles stay", async () => {
  const key = spokeAdminKey(world.state.iam.state, "spoke-admin");
  const credentials = async () => ({
    accessKeyId: key?.accessKeyId ?? "",
    secretAccessKey: key?.secretAccessKey ?? "",
    sessionToken: key?.sessionToken ?? "",
  });
  const place = { name: NAME, account: SPOKE_ACCOUNT, region: REGION };
  const stack = { ...place, deployRole: undefined, lookupRole: undefined };
  expect(await deployedStacks({ credentials }).read(stack)).toBeUndefined();
  const before = grantor();
  const made = await deployed(world.spokeAdmin, NAME, template);
  expect(made.first("StackStatus")).toBe("ROLLBACK_COMPLETE");
  const events = await world.spokeAdmin("DescribeStackEvents", { StackName: NAME });
  expect(events.text).toMatch(/Role with name timelatch-[a-z-]+ already exists\./);
  expect(grantor()).toEqual(before);
});

it("The commands that docs/deploy.md names say how it ended, bring a new template, and take the spoke away", async () => {
  const folder = workingFolder();
  const set = `--stack-set-name ${NAME}`;
  const operations = async () =>
    JSON.parse(await run(`${named("list-stack-set-operations")} ${set}`, folder)).Summaries.map(
      (one: { readonly Action: string; readonly Status: string }) => `${one.Action} ${one.Status}`,
    );
  expect(await operations()).toEqual(["CREATE SUCCEEDED"]);
  const [create = "", instances = ""] = stackSetLines();
  await run(
    create.replace("aws cloudformation create-stack-set", named("update-stack-set")),
    folder,
  );
  const [, places = ""] = /(--accounts .*)$/.exec(instances) ?? [];
  await run(`${named("delete-stack-instances")} ${set} ${places}`, folder);
  await vi.waitFor(
    async () =>
      expect((await operations()).toSorted()).toEqual([
        "CREATE SUCCEEDED",
        "DELETE SUCCEEDED",
        "UPDATE SUCCEEDED",
      ]),
    { timeout: 30_000, interval: 500 },
  );
  expect(spokeStacks().filter((one) => one.startsWith("StackSet-"))).toEqual([
    expect.stringMatching(/ DELETE_COMPLETE$/),
  ]);
  expect(grantor()).toBeUndefined();
  await run(`${named("delete-stack-set")} ${set}`, folder);
  await expect(operations()).rejects.toThrow("StackSetNotFoundException");
});

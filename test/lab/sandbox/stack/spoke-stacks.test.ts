/** The sandbox's resources for the stacks of accounts with clusters, beside their roles. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startStacks } from "../../../../lab/sandbox/stack/start-stacks.ts";
import { ACCOUNT, SPOKE_ACCOUNT } from "../../../../lab/sandbox/world/account.ts";
import { cloudFormationWorld, deployed } from "./cloudformation-world.ts";

let world: Awaited<ReturnType<typeof cloudFormationWorld>>;
beforeAll(async () => {
  world = await cloudFormationWorld();
  // The resources that a rule names are there before it.
  await deployed(world.admin, "Hub", hub);
  await deployed(world.spokeAdmin, "Role", role);
});
afterAll(() => world.close());

const BUS = `arn:aws:events:us-west-2:${ACCOUNT}:event-bus/hub`;
const ROLE = `arn:aws:iam::${SPOKE_ACCOUNT}:role/forward`;
const hub = JSON.stringify({
  Resources: {
    Bus: {
      Type: "AWS::Events::EventBus",
      Properties: {
        Name: "hub",
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
const role = JSON.stringify({
  Resources: {
    Role: {
      Type: "AWS::IAM::Role",
      Properties: {
        RoleName: "forward",
        AssumeRolePolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "sts:AssumeRole",
              Principal: { Service: "events.amazonaws.com" },
            },
          ],
        },
      },
    },
  },
});
const template = JSON.stringify({
  Resources: {
    Group: { Type: "AWS::Scheduler::ScheduleGroup", Properties: { Name: "fuses" } },
    Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: "lost" } },
    Rule: {
      Type: "AWS::Events::Rule",
      Properties: {
        Name: "forward",
        EventPattern: { source: ["aws.eks"] },
        Targets: [{ Id: "1", Arn: BUS, RoleArn: ROLE }],
      },
    },
  },
});

/** The schedule groups and queues of each place, beside those that are always there. */
const made = () =>
  Object.fromEntries(
    world.state.places.map(({ account, region, scheduler, sqs }) => [
      `${account} ${region}`,
      [...Object.keys(scheduler.state.groups), ...Object.keys(sqs.state.queues)].filter(
        (name) => name !== "default",
      ),
    ]),
  );
const NOWHERE = {
  [`${ACCOUNT} us-west-2`]: [],
  [`${SPOKE_ACCOUNT} us-west-2`]: [],
  [`${ACCOUNT} eu-west-1`]: [],
  [`${SPOKE_ACCOUNT} eu-west-1`]: [],
};

it.each([
  ["us-west-2", () => world.spokeAdmin],
  ["eu-west-1", () => world.remoteAdmin],
])(
  "A resource of a stack of the second account in %s is there while the stack is, and nowhere else",
  async (region, admin) => {
    const stack = await deployed(admin(), "Spoke", template);
    expect(stack.first("StackStatus")).toBe("CREATE_COMPLETE");
    expect(stack.first("StackId")).toContain(`:${region}:${SPOKE_ACCOUNT}:stack/Spoke/`);
    const ruleArn = `arn:aws:events:${region}:${SPOKE_ACCOUNT}:rule/forward`;
    expect(world.stacks.eventRules()).toMatchObject([
      { arn: ruleArn, targets: [{ arn: BUS, roleArn: ROLE }] },
    ]);
    expect(made()).toEqual({ ...NOWHERE, [`${SPOKE_ACCOUNT} ${region}`]: ["fuses", "lost"] });
    await admin()("DeleteStack", { StackName: "Spoke" });
    expect(world.stacks.eventRules()).toEqual([]);
    expect(made()).toEqual(NOWHERE);
  },
);

it("Stacks of one name in two regions are two, and each region shows its own", async () => {
  const calls = [world.spokeAdmin, world.remoteAdmin];
  for (const call of calls) await deployed(call, "Twice", template);
  const ids = await Promise.all(
    calls.map(async (call) =>
      (await call("DescribeStacks", { StackName: "Twice" })).all("StackId"),
    ),
  );
  expect(ids.map((each) => each.map((id) => id.split(":")[3]))).toEqual([
    ["us-west-2"],
    ["eu-west-1"],
  ]);
  // The other region does not know it by its id either.
  await world.remoteAdmin("DeleteStack", { StackName: ids[0]?.[0] ?? "" });
  expect(made()).toEqual({
    ...NOWHERE,
    [`${SPOKE_ACCOUNT} us-west-2`]: ["fuses", "lost"],
    [`${SPOKE_ACCOUNT} eu-west-1`]: ["fuses", "lost"],
  });
  for (const call of calls) await call("DeleteStack", { StackName: "Twice" });
  expect(made()).toEqual(NOWHERE);
});

/** A folder as the CDK leaves it, with stacks of the second account. */
function assembled(region: string, stacks: readonly string[] = ["Far"]): string {
  const dir = mkdtempSync(path.join(tmpdir(), "assembly-"));
  const environment = `aws://${SPOKE_ACCOUNT}/${region}`;
  const artifacts = Object.fromEntries(
    stacks.map((name) => [name, { type: "aws:cloudformation:stack", environment }]),
  );
  writeFileSync(path.join(dir, "manifest.json"), JSON.stringify({ artifacts }));
  writeFileSync(path.join(dir, "Far.template.json"), template);
  writeFileSync(path.join(dir, "Far.assets.json"), JSON.stringify({ files: {} }));
  return dir;
}

it("A start of the sandbox makes a stack in its region, and the next start goes on with it there", async () => {
  const start = (dir?: string) => startStacks(world.accounts, world.state, dir, "Timelatch");
  const dir = assembled("eu-west-1");
  await start(dir);
  const there = { ...NOWHERE, [`${SPOKE_ACCOUNT} eu-west-1`]: ["fuses", "lost"] };
  expect(made()).toEqual(there);
  for (const again of [dir, undefined]) {
    await start(again);
    expect(made()).toEqual(there);
  }
  await start(assembled("eu-west-1", []));
  expect(made()).toEqual(NOWHERE);
});

it("A stack for a region that the sandbox lacks is refused by its name, before anything of it is made", async () => {
  const started = startStacks(world.accounts, world.state, assembled("eu-north-1"), "Timelatch");
  await expect(started).rejects.toThrow(
    "A stack is for region eu-north-1. The sandbox has us-west-2 and eu-west-1 alone. Nothing was started.",
  );
  expect(made()).toEqual(NOWHERE);
});

it("A bucket is reached only in its own region, as a template there is", async () => {
  const TemplateURL = `https://s3.us-west-2.amazonaws.com/cdk-hnb659fds-assets-${SPOKE_ACCOUNT}-us-west-2/x`;
  const names = { StackName: "Url", ChangeSetName: "c", ChangeSetType: "CREATE" };
  const asked = await world.remoteAdmin("CreateChangeSet", { ...names, TemplateURL });
  expect(asked.text).toContain("must be addressed using the specified endpoint");
});

/** What the sandbox makes of the stacks of accounts with clusters, beside their roles. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startStacks } from "../../../sandbox/stack/start-stacks.ts";
import { ACCOUNT, SPOKE_ACCOUNT } from "../../../sandbox/world/account.ts";
import { cloudFormationWorld, deployed } from "./cloudformation-world.ts";

let world: Awaited<ReturnType<typeof cloudFormationWorld>>;
beforeAll(async () => {
  world = await cloudFormationWorld();
});
afterAll(() => world.close());

const BUS = `arn:aws:events:us-west-2:${ACCOUNT}:event-bus/hub`;
const ROLE = `arn:aws:iam::${SPOKE_ACCOUNT}:role/forward`;
const template = JSON.stringify({
  Resources: {
    Group: { Type: "AWS::Scheduler::ScheduleGroup", Properties: { Name: "fuses" } },
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

it("A rule and a schedule group of the second account are there as long as their stack, and in that account alone", async () => {
  const made = await deployed(world.spokeAdmin, "Spoke", template);
  expect(made.first("StackStatus")).toBe("CREATE_COMPLETE");
  const ruleArn = `arn:aws:events:us-west-2:${SPOKE_ACCOUNT}:rule/forward`;
  expect(world.stacks.eventRules()).toMatchObject([
    { arn: ruleArn, targets: [{ arn: BUS, roleArn: ROLE }] },
  ]);
  const groups = () =>
    [ACCOUNT, SPOKE_ACCOUNT].map((account) =>
      Object.keys(world.state.schedulers[account]?.state.groups ?? {}),
    );
  expect(groups()).toEqual([["default"], ["default", "fuses"]]);
  await world.spokeAdmin("DeleteStack", { StackName: "Spoke" });
  expect(world.stacks.eventRules()).toEqual([]);
  expect(groups()).toEqual([["default"], ["default"]]);
});

it("A stack for another region is refused by its name, before anything of it is made", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "assembly-"));
  const name = `TimelatchAccount-${SPOKE_ACCOUNT}-eu-west-1`;
  const environment = `aws://${SPOKE_ACCOUNT}/eu-west-1`;
  const artifacts = { [name]: { type: "aws:cloudformation:stack", environment } };
  writeFileSync(path.join(dir, "manifest.json"), JSON.stringify({ artifacts }));
  writeFileSync(path.join(dir, `${name}.template.json`), template);
  writeFileSync(path.join(dir, `${name}.assets.json`), JSON.stringify({ files: {} }));
  await expect(startStacks(world.accounts, world.state, dir, "Timelatch")).rejects.toThrow(
    `${name} is for region eu-west-1. The sandbox has us-west-2 alone. Nothing was started.`,
  );
  expect(world.stacks.eventRules()).toEqual([]);
});

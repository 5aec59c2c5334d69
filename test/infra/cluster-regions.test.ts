import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { addClusterAccounts } from "../../infra/synth/cluster-accounts.ts";
import { topologyOf } from "../../infra/synth/topology.ts";
import { serviceMayAssume } from "../../lab/sandbox/aws/assume-role-decision.ts";
import { decide } from "../../lab/sandbox/aws/authorize.ts";
import type { IamState } from "../../lab/sandbox/aws/iam/state.ts";
import { groupArn } from "../../lab/sandbox/aws/scheduler/state.ts";
import type { Template as TemplateJson } from "../../lab/sandbox/template/assembly.ts";
import { resolveTemplate } from "../../lab/sandbox/template/resolve.ts";
import { rolesOf } from "../../lab/sandbox/template/roles.ts";
import { brokerStacks } from "../lab/sandbox/stack/broker-stacks.ts";
import { broker, ACCOUNT as HUB, REGION, sampleWith } from "./broker.ts";
import { iamRole } from "./spoke-world.ts";

const SPOKE = "444455556666";
const FAR = "eu-west-1";
const OTHER = "eu-central-1";
const PLACE = { account: HUB, region: REGION };
const URLS = { awsUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2" };
const clusterIn = (account: string, region: string) => ({
  arn: `arn:aws:eks:${region}:${account}:cluster/c-${region}`,
  retired: false,
});

/** The sample with clusters in two regions of both accounts. */
const access = sampleWith(({ clusters }) =>
  Object.assign(clusters, {
    far: clusterIn(HUB, FAR),
    spoke: clusterIn(SPOKE, REGION),
    "spoke-far": clusterIn(SPOKE, FAR),
  }),
);
const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
const stacks = addClusterAccounts(app, access, topologyOf(access, PLACE));
const templateOf = (name: string): TemplateJson => {
  const stack = stacks.find(({ stackName }) => stackName === name);
  if (!stack) throw new Error(`There is no stack ${name}.`);
  return Template.fromStack(stack).toJSON() as TemplateJson;
};

describe("The stacks of clusters in several regions", () => {
  it("Each account has one stack with its roles, and each further region one more, which comes after it", () => {
    const made = stacks.map(({ stackName, region, dependencies }) => [
      ...[stackName, region],
      dependencies.map((each) => each.stackName),
    ]);
    const first = `TimelatchAccount-${SPOKE}`;
    expect(made).toEqual([
      [first, REGION, []],
      [`${first}-${FAR}`, FAR, [first]],
      [`TimelatchAccount-${HUB}-${FAR}`, FAR, []],
    ]);
  });

  it.each([`TimelatchAccount-${SPOKE}-${FAR}`, `TimelatchAccount-${HUB}-${FAR}`])(
    "%s has what each region needs, and no role: plain CloudFormation takes it",
    (name) => {
      const template = templateOf(name);
      const types = Object.values(template.Resources).map(({ Type }) => Type);
      expect(types.sort()).toEqual([
        "AWS::CloudWatch::Alarm",
        "AWS::SQS::Queue",
        "AWS::SQS::QueuePolicy",
        "AWS::Scheduler::ScheduleGroup",
      ]);
      expect(template).not.toHaveProperty("Parameters");
      expect(template).not.toHaveProperty("Rules");
    },
  );
});

const spokeRoles = rolesOf(
  resolveTemplate(templateOf(`TimelatchAccount-${SPOKE}`), {
    account: SPOKE,
    region: REGION,
    stackName: `TimelatchAccount-${SPOKE}`,
    ...URLS,
  }),
);
const hubRoles = brokerStacks(broker(access), URLS).both.roles;
const state: IamState = {
  accountId: HUB,
  roles: Object.fromEntries([...spokeRoles, ...hubRoles].map((one) => [one.arn, iamRole(one)])),
  credentials: {},
};
const roleIn = (account: string, name: string) => `arn:aws:iam::${account}:role/timelatch-${name}`;

describe.each([
  ["another account", SPOKE],
  ["the broker's account", HUB],
])("Fuses in several regions of %s", (_whose, account) => {
  const fires = (region: string, of = account) =>
    serviceMayAssume(state, roleIn(account, "fuse"), "scheduler.amazonaws.com", {
      "aws:SourceAccount": of,
      "aws:SourceArn": groupArn(region, of, "timelatch"),
    });
  const can = (name: string, action: string, resource: string, context = {}) => {
    const principalArn = roleIn(account, name);
    const arn = `arn:aws:sts::${account}:assumed-role/timelatch-${name}/session`;
    const caller = {
      arn,
      principalArn,
      accountId: account,
      userId: "AROA:session",
      accessKeyId: "ASIAEXAMPLE",
    };
    return decide(state, caller, { action, resource, context }, new Date("2026-11-28T10:00:00Z"));
  };
  const schedule = (region: string, name = "f-1") =>
    `arn:aws:scheduler:${region}:${account}:schedule/timelatch/${name}`;

  it("One role fires in every region with clusters, and in no other", () => {
    expect([REGION, FAR, OTHER].map((region) => fires(region))).toEqual([true, true, false]);
    expect(fires(FAR, account === HUB ? SPOKE : HUB)).toBe(false);
  });

  it("It keeps what could not fire beside the cluster, and writes to no other queue", async () => {
    const send = (region: string, name = "timelatch-lost-fuses", of = account) =>
      can("fuse", "sqs:SendMessage", `arn:aws:sqs:${region}:${of}:${name}`);
    const decisions = [REGION, FAR, OTHER].map((region) => send(region));
    expect(await Promise.all(decisions)).toEqual(["Allowed", "Allowed", "ImplicitlyDenied"]);
    expect(await send(FAR, "timelatch-converge.fifo")).toBe("ImplicitlyDenied");
    expect(await send(FAR, "timelatch-lost-fuses", "999999999999")).toBe("ImplicitlyDenied");
  });

  it("It takes away there, and in no other region", async () => {
    const entry = (region: string) =>
      `arn:aws:eks:${region}:${account}:access-entry/c/role/${account}/x/0000`;
    const decisions = [REGION, FAR, OTHER].map((region) =>
      can("fuse", "eks:DisassociateAccessPolicy", entry(region)),
    );
    expect(await Promise.all(decisions)).toEqual(["Allowed", "Allowed", "ImplicitlyDenied"]);
  });

  it("The grantor role arms where the broker's own Scheduler is not, and in no other region", async () => {
    const own = account === HUB ? "ImplicitlyDenied" : "Allowed";
    for (const action of ["CreateSchedule", "DeleteSchedule"]) {
      const decisions = [REGION, FAR, OTHER].map((region) =>
        can("grantor", `scheduler:${action}`, schedule(region)),
      );
      expect(await Promise.all(decisions)).toEqual([own, "Allowed", "ImplicitlyDenied"]);
    }
    expect(await can("grantor", "scheduler:CreateSchedule", schedule(FAR, "g-1"))).toBe(
      "ImplicitlyDenied",
    );
  });

  it.each([
    "grantor",
    "grantor-groups",
    "fuse",
    "forward",
    "standing-reads",
    "activity-reads",
    "correlate-reads",
  ])("Nothing is lent to the role %s of any account", async (name) => {
    const cluster = `arn:aws:eks:${REGION}:${account}:cluster/c-${REGION}`;
    for (const lender of [SPOKE, HUB, "999999999999"]) {
      const context = { "eks:principalArn": roleIn(lender, name) };
      for (const grantor of ["grantor", "grantor-groups"])
        if (state.roles[roleIn(account, grantor)])
          expect(await can(grantor, "eks:CreateAccessEntry", cluster, context)).toBe(
            "ExplicitlyDenied",
          );
    }
  });

  it("The grantor role passes the fuse role of its account to Scheduler, and nothing to anything else", async () => {
    const pass = (name: string, service: string, of = account) =>
      can("grantor", "iam:PassRole", roleIn(of, name), { "iam:PassedToService": service });
    const scheduler = "scheduler.amazonaws.com";
    expect(await pass("fuse", scheduler)).toBe("Allowed");
    expect(await pass("fuse", "lambda.amazonaws.com")).toBe("ImplicitlyDenied");
    expect(await pass("fuse", scheduler, account === HUB ? SPOKE : HUB)).toBe("ImplicitlyDenied");
    for (const other of ["grantor", "forward", "schedule", "converge"])
      expect(await pass(other, scheduler)).toBe("ImplicitlyDenied");
  });
});

import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { BROKER_ROLES } from "../../infra/permissions/broker-roles.ts";
import { addClusterAccounts } from "../../infra/synth/cluster-accounts.ts";
import { topologyOf } from "../../infra/synth/topology.ts";
import { demandAssumeRole } from "../../lab/sandbox/aws/assume-role-decision.ts";
import type { IamRole } from "../../lab/sandbox/aws/iam/state.ts";
import type { Caller } from "../../lab/sandbox/aws/service.ts";
import type { Template as TemplateJson } from "../../lab/sandbox/template/assembly.ts";
import { resolveTemplate } from "../../lab/sandbox/template/resolve.ts";
import { rolesOf } from "../../lab/sandbox/template/roles.ts";
import { externalIdOf } from "../../shared/domain/values/deployment.ts";
import { broker, ACCOUNT as HUB, REGION, SAMPLE, sampleWith } from "./broker.ts";

const SPOKE = "444455556666";
const NOW = new Date("2026-11-28T10:00:00Z");
/** The largest template that CloudFormation takes without S3, in bytes. */
const LONGEST_INLINE = 51_200;

/** The sample with staging in an account of its own, where everyone has a role as well. */
const spokePolicy = () =>
  sampleWith(({ clusters, people }) => {
    const { staging } = clusters;
    if (staging) Object.assign(staging, { arn: staging.arn.replace(HUB, SPOKE) });
    for (const { principals } of Object.values(people))
      Object.assign(principals, [
        ...principals,
        ...principals.map((arn) => arn.replace(HUB, SPOKE)),
      ]);
  });

/** The template for the spoke, and what the app has. */
function spoke() {
  const access = spokePolicy();
  const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
  const stacks = addClusterAccounts(
    app,
    access,
    topologyOf(access, { account: HUB, region: REGION }),
  );
  const [stack] = stacks;
  if (!stack) throw new Error("There is no stack for the other account.");
  return { stacks, stack, template: Template.fromStack(stack).toJSON() as TemplateJson };
}

const { stacks, stack, template } = spoke();
const place = { account: SPOKE, region: REGION, stackName: stack.stackName };
const roles = rolesOf(
  resolveTemplate(template, {
    ...place,
    awsUrl: "http://127.0.0.1:1",
    apiUrl: "http://127.0.0.1:2",
  }),
);

describe("The stack of an account with clusters beside the broker's", () => {
  it("Each other account with clusters has one stack", () => {
    expect(stacks.map(({ stackName, account }) => [stackName, account])).toEqual([
      [`TimelatchAccount-${SPOKE}`, SPOKE],
    ]);
  });

  it("The template has roles, and what fuses need, so that plain CloudFormation takes it as it is", () => {
    expect(template).not.toHaveProperty("Parameters");
    expect(template).not.toHaveProperty("Rules");
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    expect([...new Set(types)].sort()).toEqual(expect.arrayContaining(["AWS::IAM::Role"]));
    expect(types.filter((type) => !type.startsWith("AWS::IAM::"))).toEqual([
      "AWS::Scheduler::ScheduleGroup",
      "AWS::SQS::Queue",
      "AWS::SQS::QueuePolicy",
      "AWS::CloudWatch::Alarm",
    ]);
    expect(Buffer.byteLength(JSON.stringify(template, null, 1))).toBeLessThan(LONGEST_INLINE);
    expect(JSON.stringify(template)).not.toContain("cdk-hnb659fds-assets");
  });

  it("It makes grantor roles, two for EventBridge and two to read, and they reach only clusters of this account", () => {
    expect(roles.map(({ name }) => name).sort()).toEqual([
      "timelatch-correlate-reads",
      "timelatch-forward",
      "timelatch-fuse",
      "timelatch-grantor",
      "timelatch-grantor-groups",
      "timelatch-standing-reads",
    ]);
    const text = JSON.stringify(template);
    expect(text).toContain(`arn:aws:eks:${REGION}:${SPOKE}:cluster/staging`);
    expect(text).not.toContain(`:eks:${REGION}:${HUB}:`);
    expect(text).toContain(":iam::*:role/timelatch-forward");
  });

  it("Nothing is lent to a role of the broker in its account: the list has every one of them", () => {
    // The sample, with everything that a policy may need.
    const primary = { service: "pagerduty", schedule: "PI7DH85", region: "us" } as const;
    const made = broker({ ...SAMPLE, schedules: { primary } })
      .ofType("AWS::IAM::Role")
      .map(({ ref }) => ref);
    const own = made.filter((name) => !name.includes("-grantor"));
    expect(own.sort()).toEqual(BROKER_ROLES.map((part) => `timelatch-${part}`).sort());
    for (const part of BROKER_ROLES)
      expect(JSON.stringify(template)).toContain(`:iam::${HUB}:role/timelatch-${part}"`);
  });
});

const converge = `arn:aws:iam::${HUB}:role/timelatch-converge`;

/** Whether the role with this ARN may assume the spoke's grantor role. */
async function mayAssume(
  principalArn: string,
  session: { sessionName?: string; sourceIdentity?: string; externalId?: string } = {},
): Promise<boolean> {
  const [found] = roles.filter(({ name }) => name === "timelatch-grantor");
  if (!found) throw new Error("There is no grantor role.");
  const role: IamRole = {
    kind: "role",
    arn: found.arn,
    roleName: found.name,
    path: "/",
    roleId: "AROASPOKE",
    createDate: NOW.toISOString(),
    assumeRolePolicyDocument: found.trustPolicy,
    policies: found.policies,
    maxSessionDuration: 3600,
  };
  const accountId = principalArn.split(":")[4] ?? "";
  const roleName = principalArn.split("/").at(-1) ?? "";
  const caller: Caller = {
    arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/session`,
    principalArn,
    accountId,
    userId: "AROACALLER:session",
    accessKeyId: "ASIAEXAMPLE",
  };
  const everything = {
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "*", Resource: "*" },
  };
  const own: IamRole = { ...role, arn: principalArn, roleName, policies: { everything } };
  try {
    await demandAssumeRole(
      { accountId: HUB, roles: { [principalArn]: own }, credentials: {} },
      {
        role,
        sessionName: "timelatch-grant-1",
        sourceIdentity: "alice",
        externalId: externalIdOf("timelatch", HUB),
        ...session,
      },
      { caller, now: NOW },
    );
    return true;
  } catch {
    return false;
  }
}

describe("The trust of a grantor role in another account than the broker's", () => {
  it("Converge may, under the session of a grant", async () => {
    expect(await mayAssume(converge)).toBe(true);
  });

  it.each([
    ["another role of the broker's account", `arn:aws:iam::${HUB}:role/timelatch-api`],
    ["an administrator of the broker's account", `arn:aws:iam::${HUB}:role/admin`],
    ["a role of converge's name in a path", `arn:aws:iam::${HUB}:role/x/timelatch-converge`],
    ["converge of another account", "arn:aws:iam::999999999999:role/timelatch-converge"],
    ["converge of another deployment", `arn:aws:iam::${HUB}:role/beta-converge`],
    ["a role of the spoke itself", `arn:aws:iam::${SPOKE}:role/timelatch-converge`],
  ])("%s may not", async (_who, arn) => {
    expect(await mayAssume(arn)).toBe(false);
  });

  it.each([
    ["another external id", { externalId: "beta:111122223333" }],
    ["a session that names no grant", { sessionName: "debug" }],
  ])("Converge may not with %s", async (_what, session) => {
    expect(await mayAssume(converge, session)).toBe(false);
  });
});

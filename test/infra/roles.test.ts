import { describe, expect, it } from "vitest";
import { demandAssumeRole } from "../../lab/sandbox/aws/assume-role-decision.ts";
import { ACCOUNT, allowedActions, broker, REGION, sampleWith } from "./broker.ts";

const stack = broker();
const GROUP = `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group/timelatch`;
const ENTRY = `arn:aws:eks:${REGION}:${ACCOUNT}:access-entry/prod/role/${ACCOUNT}/alice/0000`;
const NOW = new Date("2026-11-24T10:00:00Z");

/** Exactly this may assume the role. */
const trustOf = (role: string) => stack.role(role).assumeRolePolicyDocument;
const trusting = (service: string, condition?: object) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      ...(condition ? { Condition: condition } : {}),
    },
  ],
});

describe.each([
  "ApiFunctionRole",
  "ConvergeFunctionRole",
  "SweepFunctionRole",
  "NotifyFunctionRole",
  "CorrelateFunctionRole",
  "ActivityFunctionRole",
  "SlackFunctionRole",
  "StandingFunctionRole",
])("%s", (role) => {
  it("only Lambda may assume the role", () => {
    expect(trustOf(role)).toEqual(trusting("lambda.amazonaws.com"));
  });
});

describe.each(["SchedulesScheduleRole", "FuseRole"])("%s", (role) => {
  it("only Scheduler may assume the role, for the broker's own schedule group", () => {
    expect(trustOf(role)).toEqual(
      trusting("scheduler.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": ACCOUNT },
        ArnEquals: { "aws:SourceArn": GROUP },
      }),
    );
  });
});

describe("the role of a grant's schedule", () => {
  it("a grant's schedule may only send to queues", () => {
    expect(allowedActions(stack.role("SchedulesScheduleRole"))).toEqual(["sqs:SendMessage"]);
  });
});

describe("the role of a fuse", () => {
  const may = (action: string, context: Record<string, string>) =>
    stack.decide("FuseRole", { action, resource: ENTRY, context });
  const standard = { "eks:accessEntryType": "STANDARD" };
  const ours = { ...standard, "aws:ResourceTag/timelatch:managed-by": "timelatch" };

  it("a fuse may remove access and report failure, and nothing else", () => {
    expect(allowedActions(stack.role("FuseRole"))).toEqual([
      "eks:DeleteAccessEntry",
      "eks:DisassociateAccessPolicy",
      "sqs:SendMessage",
    ]);
  });

  it("a fuse may disassociate policies whether or not EKS states the type of the entry", async () => {
    await expect(may("eks:DisassociateAccessPolicy", standard)).resolves.toBe("Allowed");
    await expect(may("eks:DisassociateAccessPolicy", {})).resolves.toBe("Allowed");
  });

  it("a fuse may delete only entries that the broker made", async () => {
    await expect(may("eks:DeleteAccessEntry", ours)).resolves.toBe("Allowed");
    await expect(may("eks:DeleteAccessEntry", standard)).resolves.toBe("ImplicitlyDenied");
  });

  it("a fuse may not change the entry of a node, even a tagged one", async () => {
    const node = { ...ours, "eks:accessEntryType": "EC2_LINUX" };
    await expect(may("eks:DeleteAccessEntry", node)).resolves.toBe("ExplicitlyDenied");
    await expect(may("eks:DisassociateAccessPolicy", node)).resolves.toBe("ExplicitlyDenied");
  });
});

describe.each([
  ["GrantorsPolicies", "timelatch-grantor"],
  ["GrantorsGroups", "timelatch-grantor-groups"],
])("%s", (logicalId, name) => {
  const assume = (from: string, session: { sessionName: string; sourceIdentity?: string }) =>
    demandAssumeRole(
      stack.state,
      { role: stack.role(logicalId), ...session },
      { caller: stack.caller(from), now: NOW },
    );

  it(`The grantor role is called ${name}, as converge expects in every account`, () => {
    expect(stack.role(logicalId).arn).toBe(`arn:aws:iam::${ACCOUNT}:role/${name}`);
  });

  it("converge may assume the role in a session that names the grant and the person", async () => {
    await expect(
      assume("ConvergeFunctionRole", { sessionName: "timelatch-1", sourceIdentity: "alice" }),
    ).resolves.toBeUndefined();
  });

  it("converge may not assume the role without source identity, or under another session name", async () => {
    await expect(assume("ConvergeFunctionRole", { sessionName: "timelatch-1" })).rejects.toThrow(
      "sts:AssumeRole",
    );
    await expect(
      assume("ConvergeFunctionRole", { sessionName: "x", sourceIdentity: "alice" }),
    ).rejects.toThrow("sts:AssumeRole");
  });

  it.each([
    "ApiFunctionRole",
    "SweepFunctionRole",
    "NotifyFunctionRole",
    "CorrelateFunctionRole",
    "SlackFunctionRole",
    "StandingFunctionRole",
    "FuseRole",
  ])("%s may not assume the role", async (from) => {
    await expect(
      assume(from, { sessionName: "timelatch-1", sourceIdentity: "alice" }),
    ).rejects.toThrow("sts:AssumeRole");
  });
});

describe("every role of the stack", () => {
  it("the stack has no role beyond those that these tests cover", () => {
    expect(
      stack
        .ofType("AWS::IAM::Role")
        .map(({ logicalId }) => logicalId.slice(0, -8))
        .sort(),
    ).toEqual([
      "ActivityFunctionRole",
      "ApiFunctionRole",
      "ArchiveFunctionRole",
      "ConvergeFunctionRole",
      "CorrelateFunctionRole",
      "GrantorsGroups",
      "GrantorsPolicies",
      "NotifyFunctionRole",
      "SchedulesScheduleRole",
      "SlackFunctionRole",
      "StandingFunctionRole",
      "SweepFunctionRole",
    ]);
  });
});

describe("the grantor roles of a stack", () => {
  it("a stack without clusters in its account has no grantor roles", () => {
    const elsewhere = broker(
      sampleWith(({ clusters }) => {
        for (const cluster of Object.values(clusters))
          Object.assign(cluster, { arn: cluster.arn.replace(ACCOUNT, "999999999999") });
        for (const cluster of Object.values(clusters)) Reflect.deleteProperty(cluster, "activity");
      }),
    );
    expect(() => elsewhere.role("GrantorsPolicies")).toThrow("no role");
  });

  it("a stack without rules for groups has no grantor role for groups", () => {
    const without = broker(
      sampleWith((policy) => {
        Object.assign(policy, {
          rules: policy.rules.filter(({ access }) => !("groups" in access)),
        });
      }),
    );
    expect(without.role("GrantorsPolicies").roleName).toBe("timelatch-grantor");
    expect(() => without.role("GrantorsGroups")).toThrow("no role");
  });
});

import { describe, expect, test } from "vitest";
import { ACCOUNT, REGION } from "../iam-world.ts";
import {
  DISASSOCIATE,
  invoke,
  QUEUE_ARN,
  START,
  scheduleInput,
  schedulerWorld,
  target,
} from "./schedules.ts";

const ARN = `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule`;
const GROUP_ARN = `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group`;
const UNIVERSAL = { SqsParameters: undefined, Arn: DISASSOCIATE };

describe("refusals of CreateSchedule, in Scheduler's words", () => {
  const refusals: readonly (readonly [Record<string, unknown>, string])[] = [
    [
      { Name: "a b" },
      "1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$",
    ],
    [{ Name: "n".repeat(65) }, "Member must have length less than or equal to 64"],
    [
      { Target: undefined },
      "Value null at 'target' failed to satisfy constraint: Member must not be null",
    ],
    [{ FlexibleTimeWindow: {}, ClientToken: "t t" }, "2 validation errors detected: "],
    [
      { FlexibleTimeWindow: { Mode: "SOMETIMES" } },
      "Value 'SOMETIMES' at 'flexibleTimeWindow.mode' failed to satisfy constraint: Member must satisfy enum value set: [OFF, FLEXIBLE]",
    ],
    [{ FlexibleTimeWindow: { Mode: "FLEXIBLE" } }, "MaximumWindowInMinutes must be given"],
    [
      { FlexibleTimeWindow: { Mode: "OFF", MaximumWindowInMinutes: 5 } },
      "MaximumWindowInMinutes must not be given",
    ],
    [
      { Target: target({ RetryPolicy: { MaximumEventAgeInSeconds: 59 } }) },
      "Value '59' at 'target.retryPolicy.maximumEventAgeInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 60",
    ],
    [
      { Target: target({ RetryPolicy: { MaximumRetryAttempts: 186 } }) },
      "Member must have value less than or equal to 185",
    ],
    [{ Target: target({ DeadLetterConfig: { Arn: QUEUE_ARN } }) }, "'target.deadLetterConfig.arn'"],
    [{ Target: target({ RoleArn: "invoke" }) }, "'target.roleArn'"],
    [{ Target: target({ Input: "x".repeat(262_145) }) }, "'target.input'"],
    [{ ScheduleExpression: "at(2026-11-24)" }, "Invalid Schedule Expression at(2026-11-24)."],
    [{ ScheduleExpressionTimezone: "Mars/Olympus" }, "Mars/Olympus"],
    [
      { ScheduleExpression: "rate(1 minute)", StartDate: START / 1000 - 301 },
      "The StartDate you specify cannot be earlier than 5 minutes ago.",
    ],
    [{ ScheduleExpression: "rate(1 minute)", EndDate: START / 1000 }, "EndDate"],
    [{ KmsKeyArn: "arn:aws:kms:us-west-2:111122223333:key/k" }, "KmsKeyArn is not emulated"],
    [{ Target: target({ EcsParameters: {} }) }, "Target.EcsParameters is not emulated"],
    [{ Target: target({ Input: undefined }) }, "A target without Input"],
    [{ Target: target({ Arn: "queue" }) }, "Provided Arn is not in correct format."],
    [
      { Target: target({ Arn: "arn:aws:lambda:us-west-2:111122223333:function:f" }) },
      "The target arn:aws:lambda:us-west-2:111122223333:function:f is not emulated",
    ],
    [
      { Target: target({ ...UNIVERSAL, Input: undefined }) },
      "Invalid RequestJson provided. Reason Request payload is missing the following field(s): ClusterName, PrincipalArn, PolicyArn",
    ],
    [
      {
        Target: target({
          ...UNIVERSAL,
          Input: '{"clusterName":"c","PrincipalArn":"p","PolicyArn":"q"}',
        }),
      },
      "Request payload is missing the following field(s): ClusterName",
    ],
    [
      {
        Target: target({
          Arn: "arn:aws:scheduler:::aws-sdk:eks:deleteAccessEntry",
          SqsParameters: undefined,
          Input: '{"ClusterName":"c","PrincipalArn":"p","PolicyArn":"q"}',
        }),
      },
      "unknown field(s): PolicyArn",
    ],
    [{ Target: target({ ...UNIVERSAL, Input: "[]" }) }, "not a valid JSON object"],
    [
      { Target: target({ ...UNIVERSAL, Arn: "arn:aws:scheduler:::aws-sdk:eks:describeCluster" }) },
      "describeCluster is not a supported API action",
    ],
    [
      {
        Target: target({ ...UNIVERSAL, Arn: "arn:aws:scheduler:::aws-sdk:eks:createAccessEntry" }),
      },
      "The universal target eks:createAccessEntry is not emulated",
    ],
    [
      {
        Target: target({
          Arn: DISASSOCIATE,
          Input: '{"ClusterName":"c","PrincipalArn":"p","PolicyArn":"q"}',
        }),
      },
      "SqsParameters are for templated SQS targets only.",
    ],
  ];
  test.each(refusals.map(([more, text]) => ({ more, text })))(
    "CreateSchedule refuses with: $text",
    async ({ more, text }) => {
      const { call, store } = schedulerWorld();
      await expect(call("CreateSchedule", scheduleInput(more))).rejects.toThrow(
        expect.objectContaining({
          code: "ValidationException",
          status: 400,
          message: expect.stringContaining(text),
        }),
      );
      expect(store.state.schedules).toEqual({});
    },
  );

  test("CreateSchedule refuses a role that Scheduler may not assume for this group", async () => {
    const asked: unknown[] = [];
    const { call } = schedulerWorld({
      mayAssume: (roleArn, context) => {
        asked.push([roleArn, context]);
        return false;
      },
    });
    const refused =
      "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.";
    await expect(call("CreateSchedule", scheduleInput())).rejects.toThrow(refused);
    expect(asked).toEqual([
      [invoke.arn, { "aws:SourceAccount": ACCOUNT, "aws:SourceArn": `${GROUP_ARN}/default` }],
    ]);
    const missing = target({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/missing` });
    await expect(
      schedulerWorld().call("CreateSchedule", scheduleInput({ Target: missing })),
    ).rejects.toThrow(refused);
  });

  test("CreateSchedule refuses a role of another account, whatever it trusts", async () => {
    const foreign = target({ RoleArn: "arn:aws:iam::444455556666:role/fuse" });
    await expect(
      schedulerWorld().call("CreateSchedule", scheduleInput({ Target: foreign })),
    ).rejects.toThrow("Cross-account pass role is not allowed.");
  });

  test("CreateSchedule refuses a group that does not exist", async () => {
    await expect(
      schedulerWorld().call("CreateSchedule", scheduleInput({ GroupName: "g" })),
    ).rejects.toThrow(
      expect.objectContaining({
        code: "ResourceNotFoundException",
        status: 404,
        message: "Schedule group g does not exist.",
      }),
    );
  });
});

test("A schedule is answered with every default filled in", async () => {
  const { call } = schedulerWorld();
  expect(await call("CreateSchedule", scheduleInput())).toEqual({
    ScheduleArn: `${ARN}/default/s`,
  });
  expect(await call("GetSchedule", { Name: "s" })).toEqual({
    Arn: `${ARN}/default/s`,
    Name: "s",
    GroupName: "default",
    CreationDate: START / 1000,
    LastModificationDate: START / 1000,
    ScheduleExpression: "at(2026-11-24T10:05:00)",
    ScheduleExpressionTimezone: "UTC",
    State: "ENABLED",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: target({
      RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
    }),
    ActionAfterCompletion: "NONE",
  });
});

test("An update replaces everything: an absent setting goes back to the default", async () => {
  const { call, clock } = schedulerWorld();
  await call(
    "CreateSchedule",
    scheduleInput({ Description: "d", State: "DISABLED", ActionAfterCompletion: "DELETE" }),
  );
  clock.ms += 1500;
  await call("UpdateSchedule", scheduleInput({ ScheduleExpression: "at(2026-11-24T11:00:00)" }));
  const schedule = await call("GetSchedule", { Name: "s" });
  expect(schedule).toMatchObject({
    State: "ENABLED",
    ActionAfterCompletion: "NONE",
    ScheduleExpression: "at(2026-11-24T11:00:00)",
    CreationDate: START / 1000,
    LastModificationDate: START / 1000 + 1.5,
  });
  expect(schedule).not.toHaveProperty("Description");
});

describe("a name in use", () => {
  const conflict = expect.objectContaining({
    code: "ConflictException",
    status: 409,
    message: "Schedule s already exists.",
  });

  test("CreateSchedule answers again to the same token and parameters, and other ones conflict", async () => {
    const { call } = schedulerWorld();
    const input = scheduleInput({ ClientToken: "t" });
    const first = await call("CreateSchedule", input);
    expect(await call("CreateSchedule", { ...input, Target: target() })).toEqual(first);
    await expect(call("CreateSchedule", { ...input, ClientToken: "u" })).rejects.toThrow(conflict);
    await expect(call("CreateSchedule", { ...input, Description: "d" })).rejects.toThrow(conflict);
    await expect(call("CreateSchedule", scheduleInput())).rejects.toThrow(conflict);
  });

  test("A token has no meaning once its schedule is gone", async () => {
    const { call } = schedulerWorld();
    const input = scheduleInput({ ClientToken: "t" });
    await call("CreateSchedule", input);
    await call("DeleteSchedule", { Name: "s" });
    await call("CreateSchedule", input);
    expect(await call("GetSchedule", { Name: "s" })).toHaveProperty("Arn");
  });

  test("A repeated delete answers by its token, and another delete finds no schedule", async () => {
    const { call } = schedulerWorld();
    await call("CreateSchedule", scheduleInput());
    await call("DeleteSchedule", { Name: "s", ClientToken: "t" });
    expect(await call("DeleteSchedule", { Name: "s", ClientToken: "t" })).toEqual({});
    await expect(call("DeleteSchedule", { Name: "s", ClientToken: "u" })).rejects.toThrow(
      expect.objectContaining({ code: "ResourceNotFoundException", status: 404 }),
    );
    await call("CreateSchedule", scheduleInput());
    await call("DeleteSchedule", { Name: "s", ClientToken: "t" });
    await expect(call("GetSchedule", { Name: "s" })).rejects.toThrow("Schedule s does not exist.");
  });
});

describe("an at() in the past", () => {
  const past = scheduleInput({ ScheduleExpression: "at(2026-11-24T09:59:59)" });

  test.each([
    ["accept-never-fire", null],
    ["accept-fire-now", "2026-11-24T09:59:59.000Z"],
  ] as const)(
    "The next instant of an at() in the past follows the behaviour %s",
    async (pastAt, next) => {
      const { call, store } = schedulerWorld({ behaviour: { pastAt } });
      await call("CreateSchedule", past);
      expect(store.state.schedules["default/s"]?.next).toBe(next);
    },
  );

  test("The behaviour reject also refuses an update, when it is set later", async () => {
    const { call, behaviour } = schedulerWorld();
    await call("CreateSchedule", scheduleInput());
    behaviour.pastAt = "reject";
    await expect(call("UpdateSchedule", past)).rejects.toThrow("It lies in the past.");
    expect(await call("GetSchedule", { Name: "s" })).toMatchObject({
      ScheduleExpression: "at(2026-11-24T10:05:00)",
    });
  });
});

describe("the quota of schedules", () => {
  test("At the quota no schedule is made, and a repeated call, an update and a deletion succeed", async () => {
    const { call, store } = schedulerWorld({ behaviour: { mostSchedules: 1 } });
    const first = { ...scheduleInput(), ClientToken: "t" };
    await call("CreateSchedule", first);
    await expect(call("CreateSchedule", scheduleInput({ Name: "another" }))).rejects.toMatchObject({
      code: "ServiceQuotaExceededException",
      status: 402,
    });
    expect(Object.keys(store.state.schedules)).toEqual(["default/s"]);
    await call("CreateSchedule", first);
    await call("UpdateSchedule", scheduleInput({ ScheduleExpression: "at(2026-11-24T11:00:00)" }));
    await call("DeleteSchedule", { Name: "s" });
    await call("CreateSchedule", scheduleInput({ Name: "another" }));
  });
});

describe("groups", () => {
  test("Groups are made with tags, tagged again, listed and found", async () => {
    const { call } = schedulerWorld();
    const input = { Name: "g", ClientToken: "t", Tags: [{ Key: "a", Value: "1" }] };
    expect(await call("CreateScheduleGroup", input)).toEqual({
      ScheduleGroupArn: `${GROUP_ARN}/g`,
    });
    expect(await call("CreateScheduleGroup", input)).toEqual({
      ScheduleGroupArn: `${GROUP_ARN}/g`,
    });
    await expect(call("CreateScheduleGroup", { Name: "g" })).rejects.toThrow(
      "Schedule group g already exists.",
    );
    const ResourceArn = `${GROUP_ARN}/g`;
    await call("TagResource", {
      ResourceArn,
      Tags: [
        { Key: "a", Value: "2" },
        { Key: "b", Value: "3" },
      ],
    });
    await call("UntagResource", { ResourceArn, TagKeys: ["a", "none"] });
    expect(await call("ListTagsForResource", { ResourceArn })).toEqual({
      Tags: [{ Key: "b", Value: "3" }],
    });
    expect(await call("GetScheduleGroup", { Name: "g" })).toMatchObject({
      Arn: ResourceArn,
      State: "ACTIVE",
    });
    const { ScheduleGroups: groups } = await call("ListScheduleGroups", { NamePrefix: "g" });
    expect(groups).toMatchObject([{ Name: "g" }]);
  });

  test("A deleted group takes its schedules with it, and the default group stays", async () => {
    const { call } = schedulerWorld();
    await call("CreateScheduleGroup", { Name: "g" });
    await call("CreateSchedule", scheduleInput({ GroupName: "g" }));
    await call("CreateSchedule", scheduleInput());
    await call("DeleteScheduleGroup", { Name: "g" });
    await expect(call("GetSchedule", { Name: "s", GroupName: "g" })).rejects.toThrow(
      "Schedule group g does not exist.",
    );
    await call("CreateScheduleGroup", { Name: "g" });
    const { Schedules: left } = await call("ListSchedules", {});
    expect(left).toMatchObject([{ GroupName: "default" }]);
    await expect(call("DeleteScheduleGroup", { Name: "default" })).rejects.toThrow(
      "default schedule group cannot be deleted",
    );
  });

  test("Only groups have tags", async () => {
    await expect(
      schedulerWorld().call("ListTagsForResource", { ResourceArn: `${ARN}/default/s` }),
    ).rejects.toThrow("'resourceArn'");
  });
});

test("A listing shows summaries, filtered and page by page", async () => {
  const { call } = schedulerWorld();
  await call("CreateScheduleGroup", { Name: "g" });
  for (const Name of ["b", "a", "c"])
    await call("CreateSchedule", scheduleInput({ Name, GroupName: "g" }));
  await call("CreateSchedule", scheduleInput({ Name: "d", State: "DISABLED" }));
  const first = await call("ListSchedules", { GroupName: "g", MaxResults: 2 });
  expect(first["Schedules"]).toMatchObject([{ Name: "a" }, { Name: "b" }]);
  const rest = await call("ListSchedules", {
    GroupName: "g",
    MaxResults: 2,
    NextToken: first["NextToken"],
  });
  expect(rest).toEqual({
    Schedules: [
      {
        Arn: `${ARN}/g/c`,
        Name: "c",
        GroupName: "g",
        State: "ENABLED",
        CreationDate: START / 1000,
        LastModificationDate: START / 1000,
        Target: { Arn: QUEUE_ARN },
      },
    ],
  });
  const { Schedules: disabled } = await call("ListSchedules", { State: "DISABLED" });
  expect(disabled).toMatchObject([{ Name: "d" }]);
  await expect(call("ListSchedules", { GroupName: "none" })).rejects.toThrow("does not exist.");
  await expect(call("ListSchedules", { NextToken: "made-up" })).rejects.toThrow("NextToken");
});

test("IAM is asked about the schedule, its group's tags, and passing the role", () => {
  const { service, caller } = schedulerWorld();
  const ask = (operation: string, input: Record<string, unknown>) =>
    service.operations[operation]?.permissions(input, caller);
  expect(ask("CreateSchedule", scheduleInput({ GroupName: "g" }))).toMatchObject([
    { action: "scheduler:CreateSchedule", resource: `${ARN}/g/s` },
    {
      action: "iam:PassRole",
      resource: invoke.arn,
      context: { "iam:PassedToService": "scheduler.amazonaws.com" },
    },
  ]);
  expect(ask("DeleteSchedule", { Name: "s" })).toMatchObject([
    { action: "scheduler:DeleteSchedule", resource: `${ARN}/default/s` },
  ]);
  expect(ask("ListSchedules", {})).toMatchObject([{ resource: "*" }]);
  expect(ask("CreateScheduleGroup", { Name: "g", Tags: [{ Key: "a", Value: "1" }] })).toEqual([
    {
      action: "scheduler:CreateScheduleGroup",
      resource: `${GROUP_ARN}/g`,
      context: { "aws:RequestTag/a": "1", "aws:TagKeys": ["a"] },
    },
  ]);
});

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  CreateClusterCommand,
  EKSClient,
  ListAssociatedAccessPoliciesCommand,
} from "@aws-sdk/client-eks";
import {
  ConflictException,
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  SchedulerClient,
  type Target,
  UntagResourceCommand,
} from "@aws-sdk/client-scheduler";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { serviceMayAssume } from "../../../../../lab/sandbox/aws/assume-role-decision.ts";
import type { CallRecord } from "../../../../../lab/sandbox/aws/dispatch.ts";
import { eksService } from "../../../../../lab/sandbox/aws/eks/service.ts";
import type { EksState } from "../../../../../lab/sandbox/aws/eks/state.ts";
import { usualBehaviour } from "../../../../../lab/sandbox/aws/scheduler/behaviour.ts";
import { deliverToTarget } from "../../../../../lab/sandbox/aws/scheduler/deliver-to-target.ts";
import { type Engine, startEngine } from "../../../../../lab/sandbox/aws/scheduler/engine.ts";
import { schedulerService } from "../../../../../lab/sandbox/aws/scheduler/service.ts";
import { initialSchedulerState } from "../../../../../lab/sandbox/aws/scheduler/state.ts";
import { declareQueue } from "../../../../../lab/sandbox/aws/sqs/declare-queue.ts";
import { sqsService } from "../../../../../lab/sandbox/aws/sqs/service.ts";
import { emptySqsState } from "../../../../../lab/sandbox/aws/sqs/state.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";
import { awsFile } from "../../../../aws-cli/shared.ts";
import {
  ACCOUNT,
  clientConfig,
  credential,
  document,
  iamStore,
  listen,
  REGION,
  type RunningPort,
  role,
  statement,
} from "../iam-world.ts";
import { arnOf } from "../sqs/queues.ts";
import { DISASSOCIATE } from "./schedules.ts";

const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const GROUP_ARN = `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group/timelatch`;

/** Trusts Scheduler for the schedules of one group. */
const trustedByGroup = document({
  Effect: "Allow",
  Principal: { Service: "scheduler.amazonaws.com" },
  Action: "sts:AssumeRole",
  Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT, "aws:SourceArn": GROUP_ARN } },
});
const invoke = role("invoke", {
  trust: trustedByGroup,
  policy: document(statement("sqs:SendMessage", [arnOf("timelatch-converge.fifo"), arnOf("dead")])),
});
const fuse = role("fuse", {
  trust: trustedByGroup,
  policy: document(statement("eks:DisassociateAccessPolicy"), statement("sqs:SendMessage")),
});
const alice = role("alice");
const converge = role("converge", {
  policy: document(
    statement("scheduler:*"),
    statement("iam:PassRole", [invoke.arn, fuse.arn, alice.arn], {
      Condition: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
    }),
  ),
});
const outsider = role("outsider", { policy: document(statement("scheduler:*")) });
const admin = role("admin", {
  policy: document(statement(["eks:*", "sqs:*", "iam:PassRole"])),
});

const calls: CallRecord[] = [];
let port: RunningPort;
let engine: Engine;
let schedules: SchedulerClient;
let queues: SQSClient;
let clusters: EKSClient;

beforeAll(async () => {
  const iam = iamStore(invoke, fuse, alice, converge, outsider, admin);
  const place = { account: ACCOUNT, region: REGION };
  const sqsStore = memoryStore(emptySqsState());
  for (const [name, attributes] of [
    ["timelatch-converge.fifo", { FifoQueue: true, ContentBasedDeduplication: true }],
    ["dead", {}],
  ] as const)
    declareQueue(sqsStore, {
      name,
      attributes,
      arn: arnOf(name),
      url: `http://127.0.0.1/${ACCOUNT}/${name}`,
    });
  const sqs = sqsService({ sqs: sqsStore, ...place, awsUrl: "http://127.0.0.1" });
  const eks = eksService({
    eks: memoryStore<EksState>({ accountId: ACCOUNT, region: REGION, clusters: {} }),
    iam,
    newCluster: () => ({ endpoint: "https://127.0.0.1:1", certificateAuthority: "Q0E=" }),
    updateSeconds: 0,
  });
  const scheduler = memoryStore(initialSchedulerState(ACCOUNT, REGION));
  // A schedule in the past fires at once: nothing here depends on how long anything takes.
  const behaviour = { ...usualBehaviour(), jitterSeconds: 0, pastAt: "accept-fire-now" } as const;
  const mayAssume = (roleArn: string, context: Readonly<Record<string, string>>) =>
    serviceMayAssume(iam.state, roleArn, "scheduler.amazonaws.com", context);
  const onCall = (record: CallRecord) => calls.push(record);
  port = await listen({
    iam,
    onCall,
    services: [sqs, eks, schedulerService({ scheduler, iam, ...place, mayAssume, behaviour })],
  });
  engine = startEngine({
    store: scheduler,
    behaviour,
    deliver: deliverToTarget({
      around: { iam, region: REGION, onCall },
      services: [sqs, eks],
      mayAssume,
    }),
    log: () => {},
  });
  schedules = new SchedulerClient(clientConfig(port.url, converge));
  queues = new SQSClient(clientConfig(port.url, admin));
  clusters = new EKSClient(clientConfig(port.url, admin));
  await schedules.send(
    new CreateScheduleGroupCommand({
      Name: "timelatch",
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "2" },
        { Key: "c", Value: "3" },
      ],
    }),
  );
});
afterAll(async () => {
  engine.stop();
  for (const client of [schedules, queues, clusters]) client.destroy();
  await port.close();
});

const create = (Name: string, Target: Target, ScheduleExpression = "at(2020-01-01T00:00:00)") =>
  new CreateScheduleCommand({
    Name,
    GroupName: "timelatch",
    ScheduleExpression,
    FlexibleTimeWindow: { Mode: "OFF" },
    ActionAfterCompletion: "DELETE",
    Target,
  });
const toQueue = {
  Arn: arnOf("timelatch-converge.fifo"),
  RoleArn: invoke.arn,
  Input: '{"grantId":"g","cause":"expiry"}',
  SqsParameters: { MessageGroupId: "binding" },
};
const receive = (name: string) =>
  queues.send(
    new ReceiveMessageCommand({
      QueueUrl: `${port.url}/${ACCOUNT}/${name}`,
      WaitTimeSeconds: 20,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
  );

test("A schedule sends to its FIFO queue under its role, and is gone", async () => {
  await schedules.send(create("expiry", toQueue));
  const { Messages: messages } = await receive("timelatch-converge.fifo");
  expect(messages).toMatchObject([
    {
      Body: toQueue.Input,
      Attributes: {
        MessageGroupId: "binding",
        SenderId: expect.stringMatching(`^${invoke.roleId}:[0-9a-f]{16}$`),
      },
    },
  ]);
  await expect(
    schedules.send(new GetScheduleCommand({ Name: "expiry", GroupName: "timelatch" })),
  ).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Schedule expiry does not exist.",
  });
});

test("A universal target disassociates an access policy, and ends as a dead letter the second time", async () => {
  await clusters.send(
    new CreateClusterCommand({
      name: "prod",
      roleArn: admin.arn,
      resourcesVpcConfig: { subnetIds: ["subnet-1"] },
      accessConfig: {
        authenticationMode: "API",
        bootstrapClusterCreatorAdminPermissions: false,
      },
    }),
  );
  const entry = { clusterName: "prod", principalArn: alice.arn };
  await clusters.send(new CreateAccessEntryCommand(entry));
  const associated = async () =>
    (await clusters.send(new ListAssociatedAccessPoliciesCommand(entry))).associatedAccessPolicies;
  await clusters.send(
    new AssociateAccessPolicyCommand({
      ...entry,
      policyArn: VIEW,
      accessScope: { type: "cluster" },
    }),
  );
  expect(await associated()).toHaveLength(1);
  const target = {
    Arn: DISASSOCIATE,
    RoleArn: fuse.arn,
    Input: JSON.stringify({ ClusterName: "prod", PrincipalArn: alice.arn, PolicyArn: VIEW }),
    RetryPolicy: { MaximumRetryAttempts: 0 },
    DeadLetterConfig: { Arn: arnOf("dead") },
  };
  await schedules.send(create("fuse", target));
  await vi.waitFor(async () => expect(await associated()).toEqual([]), 10_000);
  expect(calls.find(({ operation }) => operation === "DisassociateAccessPolicy")).toMatchObject({
    sourceIp: "scheduler.amazonaws.com",
    caller: {
      arn: expect.stringMatching(`:assumed-role/fuse/[0-9a-f]{16}$`),
      principalArn: fuse.arn,
    },
  });
  await schedules.send(create("fuse-again", target));
  const { Messages: messages } = await receive("dead");
  expect(messages).toMatchObject([
    {
      Body: target.Input,
      MessageAttributes: {
        ERROR_CODE: { DataType: "String", StringValue: "ResourceNotFoundException" },
        EXHAUSTED_RETRY_CONDITION: { StringValue: "MaximumRetryAttempts" },
        TARGET_ARN: { StringValue: DISASSOCIATE },
      },
    },
  ]);
});

test("A queue of another region than the schedule's is not found, even if one of its name is here", async () => {
  const target = {
    Arn: arnOf("timelatch-converge.fifo").replace(REGION, "eu-west-1"),
    RoleArn: invoke.arn,
    Input: "x",
    RetryPolicy: { MaximumRetryAttempts: 0 },
    DeadLetterConfig: { Arn: arnOf("dead") },
  };
  await schedules.send(create("abroad", target));
  const { Messages: messages } = await receive("dead");
  expect(messages).toMatchObject([
    { MessageAttributes: { ERROR_CODE: { StringValue: "QueueDoesNotExist" } } },
  ]);
});

test("A delivery that the role's policy does not allow fails, and says so in the dead letter", async () => {
  const target = {
    Arn: arnOf("elsewhere"),
    RoleArn: invoke.arn,
    Input: "x",
    RetryPolicy: { MaximumRetryAttempts: 0 },
    DeadLetterConfig: { Arn: arnOf("dead") },
  };
  await schedules.send(create("denied", target));
  const { Messages: messages } = await receive("dead");
  expect(messages).toMatchObject([
    { MessageAttributes: { ERROR_CODE: { StringValue: "AccessDeniedException" } } },
  ]);
});

test("CreateSchedule needs a role that trusts this group, and the right to pass it", async () => {
  await expect(schedules.send(create("x", { ...toQueue, RoleArn: alice.arn }))).rejects.toThrow(
    "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
  );
  const elsewhere = create("x", toQueue);
  elsewhere.input.GroupName = "default";
  await expect(schedules.send(elsewhere)).rejects.toThrow("The execution role you provide");
  await expect(
    new SchedulerClient(clientConfig(port.url, outsider)).send(create("x", toQueue)),
  ).rejects.toThrow(`iam:PassRole on resource: ${invoke.arn}`);
});

test("The service understands the SDK's tokens, errors, dates and queries", async () => {
  const far = "at(2099-01-01T00:00:00)";
  await schedules.send(create("far", toQueue, far));
  await expect(schedules.send(create("far", toQueue, far))).rejects.toThrow(ConflictException);
  const found = await schedules.send(
    new GetScheduleCommand({ Name: "far", GroupName: "timelatch" }),
  );
  expect(found.CreationDate).toBeInstanceOf(Date);
  expect(found).toMatchObject({ ScheduleExpression: far, Target: toQueue });
  const { Schedules: listed } = await schedules.send(
    new ListSchedulesCommand({ GroupName: "timelatch", NamePrefix: "fa", MaxResults: 1 }),
  );
  expect(listed).toMatchObject([{ Name: "far", Target: { Arn: toQueue.Arn } }]);
  const target = { Name: "far", GroupName: "timelatch", ClientToken: "t" };
  await schedules.send(new DeleteScheduleCommand(target));
  await schedules.send(new DeleteScheduleCommand(target));
  const tagged = { ResourceArn: GROUP_ARN };
  await schedules.send(new UntagResourceCommand({ ...tagged, TagKeys: ["a", "b"] }));
  const { Tags: tags } = await schedules.send(new ListTagsForResourceCommand(tagged));
  expect(tags).toEqual([{ Key: "c", Value: "3" }]);
});

test("The AWS CLI creates a schedule, and shows why another is refused", {
  timeout: 600_000,
}, async () => {
  const { accessKeyId, secretAccessKey, sessionToken } = credential(converge);
  const createWith = async (expression: string) => {
    const words = [
      ...["scheduler", "create-schedule", "--name=cli", "--group-name=timelatch"],
      ...[`--schedule-expression=${expression}`, "--flexible-time-window=Mode=OFF"],
      `--target=${JSON.stringify(toQueue)}`,
    ];
    const { stdout } = await promisify(execFile)(await awsFile(), words, {
      timeout: 600_000,
      env: {
        PATH: "/usr/bin:/bin",
        HOME: "/nonexistent",
        AWS_ENDPOINT_URL: port.url,
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
        AWS_EC2_METADATA_DISABLED: "true",
      },
    });
    return JSON.parse(stdout) as unknown;
  };
  await expect(createWith("at(2099-01-01)")).rejects.toThrow(
    "(ValidationException) when calling the CreateSchedule operation: Invalid Schedule Expression at(2099-01-01).",
  );
  expect(await createWith("at(2099-01-01T00:00:00)")).toEqual({
    ScheduleArn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/timelatch/cli`,
  });
});

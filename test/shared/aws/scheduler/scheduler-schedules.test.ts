import { type CreateScheduleCommandInput, ValidationException } from "@aws-sdk/client-scheduler";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ACCOUNT, ALICE, PROD, REGION } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { fixedClock } from "../../../../lab/fakes/fixed-clock.ts";
import { fixedRandom } from "../../../../lab/fakes/fixed-random.ts";
import type { CallFault } from "../../../../lab/sandbox/aws/fault-kinds.ts";
import type { Schedule } from "../../../../lab/sandbox/aws/scheduler/state.ts";
import type {
  ArmingClients,
  GrantorSessions,
} from "../../../../shared/aws/eks/grantor-sessions.ts";
import { schedulerSchedules } from "../../../../shared/aws/scheduler/scheduler-schedules.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import { clusterOf } from "../../../../shared/domain/values/arn.ts";
import { type SeenTimer, schedulesContract } from "../../../contracts/schedules.contract.ts";
import { type LocalAws, localAws, QUEUE, SCHEDULE_GROUP, SCHEDULER_ROLE } from "../local-aws.ts";
import { addScheduleGroup, type RemoteScheduler, remoteScheduler } from "./remote-scheduler.ts";

const BINDING = "b".repeat(64);
const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const ADDRESS = { cluster: clusterOf(PROD.arn), principalArn: ALICE };
const DEAD_LETTERS = `arn:aws:sqs:${REGION}:${ACCOUNT}:dead-letters`;
const AT = "2026-11-24T11:00:00.000Z";

let aws: LocalAws;
let elsewhere: RemoteScheduler[];
beforeEach(async () => {
  aws = await localAws();
  elsewhere = [];
  addScheduleGroup(aws.schedules);
});
afterEach(async () => {
  await aws.stop();
  for (const { close } of elsewhere) await close();
});

/** Scheduler of another account or region, made when it is asked for, and who asked. */
const sessions: GrantorSessions<ArmingClients> = async ({ cluster, role, session }, use) => {
  const isThere = ({ place }: RemoteScheduler) =>
    place.account === cluster.account && place.region === cluster.region;
  const far = elsewhere.find(isThere) ?? (await remoteScheduler(cluster));
  if (!elsewhere.includes(far)) elsewhere.push(far);
  far.sessions.push(`${role} ${session.sessionName} ${session.sourceIdentity}`);
  return await use({ ...({} as ArmingClients), scheduler: () => far.client });
};

const schedules = (millisLeft = 8_000) =>
  schedulerSchedules(
    { client: aws.clients.scheduler, sessions },
    {
      deployment: "timelatch",
      group: SCHEDULE_GROUP,
      convergeQueueArn: QUEUE.arn,
      scheduleRoleArn: SCHEDULER_ROLE,
      deadLetterArn: DEAD_LETTERS,
      brokerAccount: ACCOUNT,
      brokerRegion: REGION,
    },
    { clock: fixedClock(), random: fixedRandom, deadline: () => millisLeft, reserveMs: 2_000 },
  );
const stored = () => Object.values(aws.schedules.state.schedules);
const storedElsewhere = () =>
  elsewhere.flatMap(({ schedules: { state } }) => Object.values(state.schedules));
const operations = () => aws.calls.map(({ operation }) => operation);

schedulesContract("schedulerSchedules", async () => ({
  schedules: schedules(),
  armed: async () =>
    [...stored(), ...storedElsewhere()].map(seen).toSorted((a, b) => (a.at < b.at ? -1 : 1)),
  refuseFuses,
}));

/** Makes Scheduler refuse targets that call EKS. The emulated one accepts them. */
function refuseFuses(): void {
  aws.clients.scheduler.middlewareStack.add(
    (next) => async (args) => {
      const { Target } = args.input as CreateScheduleCommandInput;
      if (Target?.Arn?.includes(":aws-sdk:eks:"))
        throw new ValidationException({
          Message: "Provided Arn is not in correct format.",
          message: "Provided Arn is not in correct format.",
          $metadata: { httpStatusCode: 400, requestId: "r-1" },
        });
      return await next(args);
    },
    { step: "initialize" },
  );
}

/** Scheduler's action for a stored schedule. */
function seen({ next, settings: { Target } }: Schedule): SeenTimer {
  const input = JSON.parse(Target.Input ?? "{}");
  const entry = { principalArn: input.PrincipalArn, cluster: input.ClusterName };
  const does = Target.Arn.endsWith(":deleteAccessEntry")
    ? { deleteEntry: true as const, ...entry }
    : Target.Arn.endsWith(":disassociateAccessPolicy")
      ? { disassociate: input.PolicyArn, ...entry }
      : { converge: Target.SqsParameters?.MessageGroupId ?? "" };
  return { at: next ?? "", does };
}

describe("A revocation's schedule", () => {
  it("A revocation is scheduled in UTC, exactly, and deletes itself after firing", async () => {
    await schedules().armRevocation(countedId(1), BINDING, AT);
    expect(stored()).toMatchObject([
      {
        name: `g-${countedId(1)}-${BINDING.slice(0, 24)}`,
        groupName: SCHEDULE_GROUP,
        settings: {
          ScheduleExpression: "at(2026-11-24T11:00:00)",
          ScheduleExpressionTimezone: "UTC",
          FlexibleTimeWindow: { Mode: "OFF" },
          ActionAfterCompletion: "DELETE",
          Target: {
            Arn: QUEUE.arn,
            RoleArn: SCHEDULER_ROLE,
            DeadLetterConfig: { Arn: DEAD_LETTERS },
            RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
          },
        },
      },
    ]);
  });

  it("A revocation is never scheduled before the grant's time", async () => {
    await schedules().armRevocation(countedId(1), BINDING, "2026-11-24T11:00:00.001Z");
    expect(stored()[0]?.settings.ScheduleExpression).toBe("at(2026-11-24T11:00:01)");
  });

  it("Two revocations within five minutes have different messages", async () => {
    await schedules().armRevocation(countedId(1), BINDING, AT);
    await schedules().armRevocation(countedId(2), BINDING, AT);
    const [one, other] = stored().map(({ settings }) => settings.Target.Input);
    expect(JSON.parse(one ?? "")).toEqual({
      binding: BINDING,
      cause: "revocation-time",
      grantId: countedId(1),
      nonce: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(other).not.toBe(one);
  });

  it("A revocation that exists and is correct is left alone", async () => {
    await schedules().armRevocation(countedId(1), BINDING, AT);
    await schedules().armRevocation(countedId(1), BINDING, AT);
    expect(operations()).toEqual(["CreateSchedule", "CreateSchedule", "GetSchedule"]);
  });

  it("A revocation that somebody disabled or redirected is replaced", async () => {
    await schedules().armRevocation(countedId(1), BINDING, AT);
    const [schedule] = stored();
    if (schedule) schedule.settings = { ...schedule.settings, State: "DISABLED" };
    await schedules().armRevocation(countedId(1), BINDING, AT);
    expect(stored()[0]?.settings.State).toBe("ENABLED");
    const redirected = { ...stored()[0]?.settings.Target, SqsParameters: { MessageGroupId: "c" } };
    if (schedule) schedule.settings = { ...schedule.settings, Target: redirected as never };
    await schedules().armRevocation(countedId(1), BINDING, AT);
    expect(stored()[0]?.settings.Target.SqsParameters?.MessageGroupId).toBe(BINDING);
  });

  it("A grant of another binding has a schedule of its own, even under the same id", async () => {
    await schedules().armRevocation(countedId(1), BINDING, AT);
    await schedules().armRevocation(countedId(1), "c".repeat(64), AT);
    await schedules().disarmRevocation(countedId(1), "c".repeat(64));
    expect(stored().map(({ settings }) => settings.Target.SqsParameters?.MessageGroupId)).toEqual([
      BINDING,
    ]);
  });

  it("A revocation that fires between two of our calls is created again", async () => {
    await schedules().armRevocation(countedId(1), BINDING, AT);
    aws.strikes.push(({ operation }) => {
      if (operation === "GetSchedule") aws.schedules.state.schedules = {};
      return undefined;
    });
    await schedules().armRevocation(countedId(1), BINDING, AT);
    expect(stored()).toHaveLength(1);
  });
});

describe("A fuse's schedule", () => {
  const FUSE = { name: "f-1", address: ADDRESS, target: VIEW, at: AT };

  it("A fuse calls EKS with the names that Scheduler validates, and gives up after an hour", async () => {
    await schedules().armFuse(FUSE);
    expect(stored()[0]?.name).toBe("f-1");
    expect(stored()[0]?.settings.Target).toMatchObject({
      Arn: "arn:aws:scheduler:::aws-sdk:eks:disassociateAccessPolicy",
      Input: JSON.stringify({ ClusterName: "prod", PrincipalArn: ALICE, PolicyArn: VIEW }),
      RetryPolicy: { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 185 },
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/timelatch-fuse`,
      DeadLetterConfig: { Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:timelatch-lost-fuses` },
    });
    expect(stored()[0]?.settings.Target).not.toHaveProperty("SqsParameters");
  });

  it("A fuse that exists under its name is left alone, because its answer was lost", async () => {
    await schedules().armFuse(FUSE);
    expect(await schedules().armFuse(FUSE)).toBe("armed");
    expect(operations()).toEqual(["CreateSchedule", "CreateSchedule"]);
  });
});

describe("A fuse of a cluster in another account or region", () => {
  const there = { ...ADDRESS.cluster, account: "444455556666" };
  const FUSE = { name: "f-1", address: { ...ADDRESS, cluster: there }, target: VIEW, at: AT };

  it("It is in the cluster's own region, also where that is in the broker's account", async () => {
    const cluster = { ...ADDRESS.cluster, region: "eu-central-1" };
    await schedules().armFuse({ ...FUSE, address: { ...ADDRESS, cluster } });
    expect([stored(), elsewhere.map(({ place }) => place.region)]).toEqual([[], ["eu-central-1"]]);
  });

  it("It is in the cluster's own account, under the fuse role of that account", async () => {
    await schedules().armFuse(FUSE);
    expect(stored()).toEqual([]);
    const [fuse] = storedElsewhere();
    expect(fuse?.groupName).toBe(SCHEDULE_GROUP);
    expect(fuse?.settings.Target).toMatchObject({
      RoleArn: "arn:aws:iam::444455556666:role/timelatch-fuse",
      Input: JSON.stringify({ ClusterName: "prod", PrincipalArn: ALICE, PolicyArn: VIEW }),
      RetryPolicy: { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 185 },
    });
    // Scheduler takes a queue of the schedule's own region, and the role there may send to it.
    expect(fuse?.settings.Target).toMatchObject({
      DeadLetterConfig: { Arn: `arn:aws:sqs:${REGION}:444455556666:timelatch-lost-fuses` },
    });
  });

  it("It is armed and disarmed in the session of its binding, under the grantor role for policies", async () => {
    await schedules().armFuse(FUSE);
    await schedules().disarmFuse(FUSE.name, FUSE.address);
    const binding = bindingKey("arn:aws:eks:us-west-2:444455556666:cluster/prod", ALICE);
    const session = `policies timelatch-b-${binding.slice(0, 40)} timelatch`;
    expect(elsewhere.map(({ sessions: made }) => made)).toEqual([[session, session]]);
    expect(operations()).toEqual([]);
  });
});

describe("A Scheduler that fails", () => {
  const striking = (fault: CallFault) => {
    aws.strikes.push(({ operation }) => (operation === "CreateSchedule" ? fault : undefined));
  };

  it.each([
    ["refuses", { kind: "refuse" }, "refused"],
    ["throttles", { kind: "throttle" }, "throttled"],
    ["does not answer", { kind: "drop" }, "unknown"],
  ] as const)("A Scheduler that %s causes a CallFailed", async (_how, fault, failure) => {
    striking(fault);
    const armed = schedules(2_040).armRevocation(countedId(1), BINDING, AT);
    await expect(armed).rejects.toMatchObject({
      name: "CallFailed",
      failure,
      record: { operation: "CreateSchedule" },
    });
  });

  it("A read is made again over another connection, and a change is not", async () => {
    const drops = new Set(["GetSchedule", "UpdateSchedule"]);
    await schedules().armRevocation(countedId(1), BINDING, AT);
    aws.strikes.push(({ operation }) => (drops.delete(operation) ? { kind: "drop" } : undefined));
    const armed = schedules().armRevocation(countedId(1), BINDING, "2026-11-24T12:00:00.000Z");
    await expect(armed).rejects.toMatchObject({ record: { operation: "UpdateSchedule" } });
    expect(operations().slice(1)).toEqual([
      "CreateSchedule",
      "GetSchedule",
      "GetSchedule",
      "UpdateSchedule",
    ]);
  });

  it("A Scheduler that refuses a deletion causes a CallFailed", async () => {
    aws.strikes.push(() => ({ kind: "refuse" }));
    await expect(schedules().disarmRevocation(countedId(1), BINDING)).rejects.toMatchObject({
      name: "CallFailed",
      failure: "refused",
    });
  });
});

/** Fuses in another account: the synthesized roles of hub and spoke before the sandbox's AWS, and converge's own adapters. */

import * as eksCommands from "@aws-sdk/client-eks";
import { EKSClient } from "@aws-sdk/client-eks";
import {
  CreateScheduleCommand,
  GetScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { fixedRandom } from "../../lab/fakes/fixed-random.ts";
import { asAccount, byAccount } from "../../lab/sandbox/aws/accounts.ts";
import { serviceMayAssume } from "../../lab/sandbox/aws/assume-role-decision.ts";
import { iamService } from "../../lab/sandbox/aws/iam/service.ts";
import { usualBehaviour } from "../../lab/sandbox/aws/scheduler/behaviour.ts";
import { deliverToTarget } from "../../lab/sandbox/aws/scheduler/deliver-to-target.ts";
import { startEngine } from "../../lab/sandbox/aws/scheduler/engine.ts";
import { schedulerService } from "../../lab/sandbox/aws/scheduler/service.ts";
import { groupArn, initialSchedulerState } from "../../lab/sandbox/aws/scheduler/state.ts";
import { memoryStore } from "../../lab/sandbox/aws/store.ts";
import { stsService } from "../../lab/sandbox/aws/sts/service.ts";
import { eksAccessEntries } from "../../shared/aws/eks/eks-access-entries.ts";
import { grantorSessions } from "../../shared/aws/eks/grantor-sessions.ts";
import { systemClock } from "../../shared/aws/machine/system-clock.ts";
import { schedulerSchedules } from "../../shared/aws/scheduler/scheduler-schedules.ts";
import { clusterOf } from "../../shared/domain/values/arn.ts";
import { listen, type RunningPort } from "../lab/sandbox/aws/iam-world.ts";
import { ACCOUNT as HUB, REGION } from "./broker.ts";
import { ALICE, CLUSTER, CREATED, spokeAws } from "./spoke-aws.ts";
import { hub, SPOKE, stackIn } from "./spoke-world.ts";

const { iam, eks, eksOfSpoke, settingsAs: settingsAt } = spokeAws();
const { scheduleGroups } = stackIn(SPOKE);
const ADDRESS = { cluster: clusterOf(CLUSTER), principalArn: ALICE };
const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const AT = "2099-11-24T11:00:00.000Z";
const SESSION = { sessionName: "timelatch-grant-1", sourceIdentity: "alice" };
const inSpoke = (name: string) => `arn:aws:iam::${SPOKE}:role/${name}`;

const scheduler = memoryStore(initialSchedulerState(SPOKE, REGION));
const hubScheduler = memoryStore(initialSchedulerState(HUB, REGION));
for (const [store, account, names] of [
  [scheduler, SPOKE, scheduleGroups],
  [hubScheduler, HUB, hub.scheduleGroups],
] as const)
  for (const name of names)
    store.state.groups[name] = {
      name,
      arn: groupArn(REGION, account, name),
      tags: {},
      requests: {},
      creationDate: CREATED,
      lastModificationDate: CREATED,
    };
const mayAssume = (roleArn: string, context: Readonly<Record<string, string>>) =>
  serviceMayAssume(iam.state, roleArn, "scheduler.amazonaws.com", context);
const behaviour = usualBehaviour();
const schedulerOf = (account: string, store: typeof scheduler) =>
  schedulerService({ scheduler: store, iam, account, region: REGION, mayAssume, behaviour });
const services = [
  byAccount({ [SPOKE]: eksOfSpoke }),
  byAccount({ [SPOKE]: iamService(asAccount(iam, SPOKE)) }),
  byAccount({ [SPOKE]: schedulerOf(SPOKE, scheduler), [HUB]: schedulerOf(HUB, hubScheduler) }),
  stsService(iam),
];

let port: RunningPort;
beforeAll(async () => {
  port = await listen({ services, iam });
  vi.stubEnv("AWS_ENDPOINT_URL", port.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await port.close();
});

const settingsAs = (roleArn: string) => settingsAt(port.url, roleArn);
const converge = () => settingsAs(`arn:aws:iam::${HUB}:role/timelatch-converge`);
const options = { clock: systemClock, random: fixedRandom, deadline: () => 30_000, reserveMs: 0 };
const sessionsWith = (externalId?: string) =>
  grantorSessions(new STSClient(converge()), options, { externalId });
const OURS = `timelatch:${HUB}`;
const schedules = () =>
  schedulerSchedules(
    { client: new SchedulerClient(converge()), sessions: sessionsWith(OURS) },
    {
      deployment: "timelatch",
      group: "timelatch",
      convergeQueueArn: "",
      scheduleRoleArn: "",
      deadLetterArn: "",
      brokerAccount: HUB,
      brokerRegion: REGION,
    },
    options,
  );
const associated = () => Object.keys(eks.state.clusters["staging"]?.entries[ALICE]?.policies ?? {});
/** Has Scheduler of the spoke fire what is due two minutes after the fuse, since it may be a minute late. */
async function fire(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const around = { iam, region: REGION, onCall: () => resolve() };
  const engine = startEngine({
    store: scheduler,
    behaviour,
    log: () => undefined,
    deliver: deliverToTarget({ around, services: [byAccount({ [SPOKE]: eksOfSpoke })], mayAssume }),
    now: () => Date.parse(AT) + 120_000,
  });
  await promise;
  engine.stop();
}

describe("The fuse of a cluster in another account", () => {
  it("Alone, without any function, it ends access that converge lent there", async () => {
    const entries = eksAccessEntries(sessionsWith(OURS), options);
    await entries.create(ADDRESS, SESSION, "token-1");
    await schedules().armFuse({ name: "f-1", address: ADDRESS, target: VIEW, at: AT });
    await entries.associate(ADDRESS, SESSION, VIEW, { type: "cluster" });
    expect(associated()).toEqual([VIEW]);
    await fire();
    expect(associated()).toEqual([]);
  });

  it("Converge may take it away again", async () => {
    await schedules().armFuse({ name: "f-2", address: ADDRESS, target: "groups", at: AT });
    expect(Object.keys(scheduler.state.schedules)).toContain("timelatch/f-2");
    await schedules().disarmFuse("f-2", ADDRESS);
    expect(Object.keys(scheduler.state.schedules)).not.toContain("timelatch/f-2");
  });

  it.each([
    ["without the external id", undefined],
    ["with that of another deployment", `beta:${HUB}`],
  ])("Nobody arms one %s", async (_how, externalId) => {
    const none = sessionsWith(externalId);
    const wanted = { cluster: ADDRESS.cluster, role: "policies", session: SESSION } as const;
    await expect(none(wanted, async () => "assumed")).rejects.toMatchObject({
      code: "AccessDenied",
    });
  });
});

/** A schedule as a fuse is one, but for what is changed. */
const fuseLike = (changed: object = {}) => ({
  Name: "f-3",
  GroupName: "timelatch",
  ScheduleExpression: "at(2099-11-24T11:00:00)",
  FlexibleTimeWindow: { Mode: "OFF" as const },
  Target: {
    Arn: "arn:aws:scheduler:::aws-sdk:eks:deleteAccessEntry",
    RoleArn: inSpoke("timelatch-fuse"),
    Input: JSON.stringify({ ClusterName: "staging", PrincipalArn: ALICE }),
  },
  ...changed,
});
const target = (RoleArn: string) => ({ Target: { ...fuseLike().Target, RoleArn } });

describe("The limits of the grantor role of another account with Scheduler", () => {
  const asGrantor = () => new SchedulerClient(settingsAs(inSpoke("timelatch-grantor")));

  it.each([
    ["under a name that is no fuse's", { Name: "g-1" }],
    ["in another group", { GroupName: "default" }],
    ["with its own role", target(inSpoke("timelatch-grantor"))],
    ["with the role that forwards events", target(inSpoke("timelatch-forward"))],
    ["with a person's role", target(ALICE)],
    ["with the hub's fuse role", target(`arn:aws:iam::${HUB}:role/timelatch-fuse`)],
  ])("It makes no schedule %s", async (_what, changed) => {
    const before = JSON.stringify(scheduler.state.schedules);
    const made = asGrantor().send(new CreateScheduleCommand(fuseLike(changed)));
    await expect(made).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect(JSON.stringify(scheduler.state.schedules)).toBe(before);
  });

  it("It makes one in every other way like these, and neither reads nor changes it", async () => {
    await asGrantor().send(new CreateScheduleCommand(fuseLike()));
    const denied = { name: "AccessDeniedException" };
    const read = asGrantor().send(new GetScheduleCommand({ Name: "f-3", GroupName: "timelatch" }));
    await expect(read).rejects.toMatchObject(denied);
    const changed = asGrantor().send(new UpdateScheduleCommand(fuseLike()));
    await expect(changed).rejects.toMatchObject(denied);
  });

  it("Converge cannot give the fuse role of another account to its own Scheduler", async () => {
    const own = new SchedulerClient(converge());
    const made = own.send(new CreateScheduleCommand(fuseLike()));
    await expect(made).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it("The groups grantor arms nothing", async () => {
    const groups = new SchedulerClient(settingsAs(inSpoke("timelatch-grantor-groups")));
    const made = groups.send(new CreateScheduleCommand(fuseLike({ Name: "f-4" })));
    await expect(made).rejects.toMatchObject({ name: "AccessDeniedException" });
  });
});

describe("The fuse role of another account", () => {
  const entry = { clusterName: "staging", principalArn: ALICE };
  const scope = { policyArn: VIEW, accessScope: { type: "cluster" as const } };

  it.each([
    [
      "associate a policy",
      () => new eksCommands.AssociateAccessPolicyCommand({ ...entry, ...scope }),
    ],
    [
      "create an entry",
      () => new eksCommands.CreateAccessEntryCommand({ ...entry, principalArn: inSpoke("x") }),
    ],
    [
      "set groups",
      () => new eksCommands.UpdateAccessEntryCommand({ ...entry, kubernetesGroups: ["a"] }),
    ],
    ["read an entry", () => new eksCommands.DescribeAccessEntryCommand(entry)],
  ])("It cannot %s", async (_what, command) => {
    const client = new EKSClient(settingsAs(inSpoke("timelatch-fuse")));
    // One client takes all of these commands.
    const sent = client.send(command() as eksCommands.DescribeAccessEntryCommand);
    await expect(sent).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it.each([
    ["schedules of the deployment's group there", SPOKE, "timelatch", true],
    ["schedules of another group", SPOKE, "default", false],
    ["schedules of the hub", HUB, "timelatch", false],
    ["schedules of a stranger", "999999999999", "timelatch", false],
  ])("Scheduler takes it for %s: %s %s %s", (_whose, account, group, expected) => {
    const context = {
      "aws:SourceAccount": account,
      "aws:SourceArn": groupArn(REGION, account, group),
    };
    expect(mayAssume(inSpoke("timelatch-fuse"), context)).toBe(expected);
  });

  it("No function assumes it, not even converge with the external id", async () => {
    const { AssumeRoleCommand } = await import("@aws-sdk/client-sts");
    const assumed = new STSClient(converge()).send(
      new AssumeRoleCommand({
        RoleArn: inSpoke("timelatch-fuse"),
        RoleSessionName: "timelatch-grant-1",
        SourceIdentity: "alice",
        ExternalId: OURS,
      }),
    );
    await expect(assumed).rejects.toMatchObject({ name: "AccessDenied" });
  });
});

/** The doctor's findings, on a deployment in memory. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CHECKS } from "../../../cli/doctor/check-list.ts";
import { type Examined, examine } from "../../../cli/doctor/examine.ts";
import {
  brokerRoleNames,
  forwardStackName,
  fusesStackName,
  personalRolesIn,
  queueNames,
  stackName,
} from "../../../cli/doctor/expected-names.ts";
import { Unread } from "../../../cli/doctor/sights.ts";
import { peopleAccounts } from "../../../infra/permissions/people-statements.ts";
import { stackNameOf } from "../../../infra/synth/deployment-names.ts";
import { inRepository } from "../../../infra/synth/repository.ts";
import { type HealthyPatient, healthyPatient } from "../../../lab/fakes/healthy-patient.ts";
import { SET } from "../../../lab/fakes/memory-sights.ts";
import { ACCOUNT, broker, SAMPLE, sampleWith } from "../../infra/broker.ts";
import { DRIFTED_DEPLOYMENTS } from "./drifted-deployments.ts";
import { ALICE, ILL_DEPLOYMENTS, SPOKE } from "./ill-deployments.ts";

/** The sample, and a cluster in another account. */
const POLICY = sampleWith(({ clusters }) =>
  Object.assign(clusters, { far: { arn: `arn:aws:eks:us-west-2:${SPOKE}:cluster/far` } }),
);
const found = async (spoil: (world: HealthyPatient) => unknown) => {
  const world = healthyPatient(POLICY, ACCOUNT);
  spoil(world);
  return examine(world.patient, CHECKS);
};
const ill = (all: readonly Examined[]) => all.filter(({ ok }) => !ok);

describe("A deployment that is well", () => {
  it("Every check finds it so, and says something of everything that it looked at", async () => {
    const all = await found(() => undefined);
    expect(ill(all)).toEqual([]);
    expect(new Set(all.map(({ check }) => check))).toEqual(new Set(CHECKS.map(({ name }) => name)));
    for (const { says } of all) expect(says).toMatch(/\S/);
  });

  it("The rules that forward a spoke's events may be of a stack set for all accounts", async () => {
    const all = await found(({ others }) =>
      Object.assign(others.get(SPOKE) ?? {}, { forwards: SET }),
    );
    expect(ill(all)).toEqual([]);
    expect(all.filter(({ check }) => check === "forwarding")).toMatchObject([
      { says: "a stack of the set TimelatchForward is deployed" },
    ]);
  });

  it("A spoke's alarm is found where a stack set made it", async () => {
    const set = "StackSet-TimelatchAccount-444455556666-9cc76b74-20fc-4364-9ec0-593ca7a00fd0";
    const alarm = { name: `${set}-LostFusesAlarm0A1B2C3D-x`, state: "OK", actions: 1 };
    const all = await found(({ others }) => others.get(SPOKE)?.alarms.splice(0, 1, alarm));
    expect(ill(all)).toEqual([]);
  });

  it.each<readonly [string, (world: HealthyPatient) => unknown, string, RegExp, RegExp]>([
    [
      "concurrency that strangers share",
      (w) => Object.assign(w.broker, { convergeReserves: undefined, unreserved: 1_000 }),
      "concurrency",
      /shares 1000 with the API/,
      /lambdaConcurrency: 1000/,
    ],
    [
      "a new account's concurrency",
      (w) => Object.assign(w.broker, { convergeReserves: undefined, limit: 10, unreserved: 10 }),
      "concurrency",
      /shares 10 with/,
      /Service Quotas/,
    ],
    [
      "alarms of which none has an action",
      (w) =>
        w.broker.alarms.splice(0, 2, ...w.broker.alarms.map((one) => ({ ...one, actions: 0 }))),
      "alarms",
      /2 of 2 have no action/,
      /alarmTopics/,
    ],
    [
      "a spoke's alarm on fuses without an action",
      (w) => {
        const [one] = w.others.get(SPOKE)?.alarms ?? [];
        if (one) w.others.get(SPOKE)?.alarms.splice(0, 1, { ...one, actions: 0 });
      },
      "alarms",
      /1 of 1 have no action/,
      /topic's ARN of 444455556666\/us-west-2 under alarmTopics/,
    ],
    [
      "an alarm on the archive's silence, an hour after the deployment",
      (w) => {
        Object.assign(w.broker.stack ?? {}, { createdAt: "2026-11-28T06:00:00.000Z" });
        const name = "Timelatch-AlarmsArchiveSilent0A1B2C3D-x";
        w.broker.alarms.push({ name, state: "ALARM", actions: 1 });
      },
      "alarms",
      /^firing: ArchiveSilent, until/,
      /two hours after the deployment/,
    ],
  ])(
    "A first deployment has %s: that is advice, and no fault",
    async (_what, change, check, says, next) => {
      const all = await found(change);
      expect(ill(all)).toEqual([]);
      expect(all.filter((one) => one.next !== undefined)).toMatchObject([
        { check, says: expect.stringMatching(says), next: expect.stringMatching(next) },
      ]);
    },
  );

  it.each([
    [
      "the archive's silence, a day after the deployment",
      "2026-11-27T06:00:00.000Z",
      "ArchiveSilent",
    ],
    ["another thing, an hour after the deployment", "2026-11-28T06:00:00.000Z", "BareEntry"],
  ])("An alarm on %s is a fault", async (_what, createdAt, name) => {
    const all = await found((w) => {
      Object.assign(w.broker.stack ?? {}, { createdAt });
      const alarm = { name: `Timelatch-Alarms${name}0A1B2C3D-x`, state: "ALARM", actions: 1 };
      w.broker.alarms.push(alarm);
    });
    expect(ill(all)).toMatchObject([{ check: "alarms", says: `firing: ${name}` }]);
  });

  it("docs/doctor.md says of each check what is well, in their order", () => {
    const page = readFileSync(inRepository("docs/doctor.md"), "utf8");
    const [checks = ""] = page.split("## Settle");
    const rows = [...checks.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
    expect(rows).toEqual(CHECKS.map(({ name }) => name));
  });

  it("Each check says by which IAM actions it reads", () => {
    for (const { needs } of CHECKS)
      for (const action of needs)
        expect(action).toMatch(/^[a-z]+:(?:Get|Describe|List|AssumeRole)/);
  });
});

describe("Faults of a deployment", () => {
  it.each([...ILL_DEPLOYMENTS, ...DRIFTED_DEPLOYMENTS])(
    "The doctor finds %s, and nothing else",
    async (_what, spoil, check, says, next) => {
      const all = ill(await found(spoil));
      expect(all).toHaveLength(1);
      expect(all[0]).toMatchObject({
        check,
        says: expect.stringMatching(says),
        next: expect.stringMatching(next),
      });
    },
  );

  it("An account without room for a role to come is found beside the role that is missing", async () => {
    const all = ill(
      await found(({ broker: hub }) => {
        hub.roles.delete(ALICE);
        hub.roleQuota = hub.roles.size;
      }),
    );
    expect(all).toMatchObject([
      { check: "personal-roles" },
      { check: "role-quota", says: expect.stringMatching(/and 1 to come$/) },
    ]);
  });

  it("A stack that is not deployed is found by all that need it", async () => {
    const all = ill(await found(({ broker: hub }) => Object.assign(hub, { stack: undefined })));
    expect(all.map(({ check }) => check)).toEqual(["stack", "api-and-clock"]);
  });

  it.each([
    ["AccessDenied", /^use credentials that may iam:GetRole$/],
    ["ThrottlingException", /^run it again/],
  ])("A read that fails with %s is a finding, and the other checks go on", async (code, next) => {
    const world = healthyPatient(POLICY, ACCOUNT);
    const unread = async () => {
      throw new Unread(`the role: ${code}`, code);
    };
    const broken = { ...world.patient, broker: { ...world.patient.broker, role: unread } };
    const all = ill(await examine(broken, CHECKS));
    expect(all.map(({ check }) => check)).toEqual([
      ...["broker-roles", "grantor-roles", "personal-roles", "role-quota"],
    ]);
    expect(all[0]).toMatchObject({
      says: `not known: the role: ${code}`,
      next: expect.stringMatching(next),
    });
  });
});

describe("The names that the doctor expects", () => {
  const { template, fuses } = broker();
  const of = (type: string, property: string) =>
    [...Object.values(template.Resources), ...Object.values(fuses.Resources)].flatMap(
      ({ Type, Properties }) =>
        Type === type && typeof Properties?.[property] === "string" ? [Properties[property]] : [],
    );

  it("Are those of the synthesized stack", () => {
    expect(of("AWS::IAM::Role", "RoleName")).toEqual(
      expect.arrayContaining([...brokerRoleNames(SAMPLE, ACCOUNT), "timelatch-grantor"]),
    );
    const grantors = /-grantor/;
    expect(
      of("AWS::IAM::Role", "RoleName")
        .filter((name) => !grantors.test(String(name)))
        .toSorted(),
    ).toEqual(brokerRoleNames(SAMPLE, ACCOUNT).toSorted());
    expect(of("AWS::SQS::Queue", "QueueName")).toEqual(
      expect.arrayContaining([...queueNames("timelatch")]),
    );
    expect(of("AWS::Scheduler::ScheduleGroup", "Name")).toEqual(["timelatch"]);
    expect([stackName("timelatch"), stackName("dev")]).toEqual(["Timelatch", "Timelatch-dev"]);
    for (const deployment of ["timelatch", "dev"])
      expect(fusesStackName(deployment)).toBe(stackNameOf(deployment, "TimelatchFuses"));
    const place = { account: SPOKE, region: "eu-west-1" };
    for (const deployment of ["timelatch", "dev"])
      expect(forwardStackName(deployment, place)).toBe(
        stackNameOf(deployment, "TimelatchForward", SPOKE, "eu-west-1"),
      );
  });

  it("Are those of the stacks of people, with the same trust", () => {
    for (const { place, roles } of peopleAccounts(SAMPLE))
      expect(personalRolesIn(SAMPLE, place.account)).toEqual(
        roles.map(({ person, name, trust }) => ({ person, name, trust })),
      );
  });
});

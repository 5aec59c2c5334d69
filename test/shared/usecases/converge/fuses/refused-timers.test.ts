/** Ends and fuses that Scheduler refuses, such as at its quota of schedules. */
import { describe, expect, it } from "vitest";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
} from "../../../../../lab/fakes/memory-broker.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { CallFailed, type Failure } from "../../../../../shared/ports/access-entries.ts";

const atQuota = (failure: Failure = "refused") =>
  new CallFailed(failure, "ServiceQuotaExceededException", "CreateSchedule: at its quota", {
    operation: "CreateSchedule",
    requestId: null,
    sessionName: "timelatch",
    at: "2026-11-24T10:00:00.000Z",
    result: "ServiceQuotaExceededException",
  });

const TIMERS = ["schedules.armRevocation", "schedules.armFuse"] as const;
const breakTimer = (broker: MemoryBroker, timer: (typeof TIMERS)[number], failure?: Failure) =>
  broker.breakPort(timer, atQuota(failure));

describe("Scheduler refuses the end of the longer of two grants on one policy", () => {
  it("The shorter one does not begin under a fuse that fires after the longer one", async () => {
    const broker = memoryBroker();
    const short = await broker.grant();
    const long = await broker.grant({ access: edit("payments-web"), durationSeconds: 7_200 });
    const repair = broker.breakPort("schedules.armRevocation", atQuota(), ([id]) => id === long.id);
    const fireAt = plusSeconds(short.expiresAt ?? "", broker.front.settings.fuseDelaySeconds);
    broker.watch("entries.associate", () => expect(broker.fuses()).toEqual({ [EDIT]: fireAt }));
    await broker.converge();
    await broker.converge();
    repair();
    expect(await broker.states(long)).toEqual(["approved"]);
  });
});

describe.each(TIMERS)("Scheduler refuses %s", (timer) => {
  it("The grant does not begin and the run counts it, and it begins once Scheduler takes it", async () => {
    const broker = memoryBroker();
    const repair = breakTimer(broker, timer);
    const grant = await broker.grant();
    expect(await broker.converge()).toMatchObject({ timersRefused: 1, fusesRefused: 0 });
    expect(await broker.states(grant)).toEqual(["approved"]);
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(broker.isDueSoon()).toBe(true);
    repair();
    expect(await broker.converge()).toMatchObject({ timersRefused: 0 });
    expect(await broker.states(grant)).toEqual(["active"]);
  });

  it("Lent access ends at its time, beside a grant that cannot begin", async () => {
    const broker = memoryBroker();
    const lent = await broker.activeGrant();
    breakTimer(broker, timer);
    const waiting = await broker.grant({ access: edit("payments-web"), durationSeconds: 7_200 });
    await broker.converge();
    await broker.convergeAtEnd(lent);
    expect(broker.namespaces(EDIT)).toEqual([]);
    await broker.settle();
    expect(await broker.states(lent, waiting)).toEqual(["ended", "approved"]);
  });

  it("A throttle that passes is not counted", async () => {
    const broker = memoryBroker();
    breakTimer(broker, timer, "throttled");
    await broker.grant();
    expect(await broker.converge()).toMatchObject({ timersRefused: 0 });
  });
});

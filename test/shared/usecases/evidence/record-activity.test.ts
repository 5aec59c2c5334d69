import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALICE, aPolicy, PROD } from "../../../../lab/fakes/builders.ts";
import { interleaved } from "../../../../lab/fakes/interleaved.ts";
import { memoryActivityLog } from "../../../../lab/fakes/memory-activity-log.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import type { ActivityPorts } from "../../../../shared/ports/function-ports.ts";
import {
  recordActivity,
  recordActivityOf,
} from "../../../../shared/usecases/evidence/record-activity.ts";
import { byPolicy, EDIT, logged } from "../../domain/evidence/audit-log.ts";

const DELAY = 900;
const DAY = 86_400;

const withActivity = (policy = aPolicy()): AccessPolicy => ({
  ...policy,
  clusters: { ...policy.clusters, prod: { ...PROD, retired: false, activity: { maxScanGb: 1 } } },
});

/** A broker, and the function that asks audit logs. Alice lists pods ten times, every ten minutes. */
function world(policy = withActivity()) {
  const broker = memoryBroker({ policy });
  const { clock } = broker;
  const { requests, settings } = broker.ports;
  const log = memoryActivityLog();
  log.events.set(
    PROD.arn,
    Array.from({ length: 10 }, (_, at) => logged(at * 600, { reason: byPolicy(EDIT, ALICE) })),
  );
  const ports: ActivityPorts = {
    requests,
    evidence: broker.evidence,
    log,
    clock,
    policy,
    settings,
  };
  const logs: string[] = [];
  const settled = new Set<string>();
  const run = { log: (message: string) => logs.push(message), isTimeUp: () => false, settled };
  const endedGrant = async () => {
    const grant = await broker.activeGrant();
    clock.advance(1_200);
    await broker.end(grant, "return");
    await broker.settle();
    return await broker.reload(grant);
  };
  /** Sets the clock to this number of seconds after a grant's end. */
  const afterEnd = ({ endedAt }: AccessRequest, seconds: number) =>
    clock.set(plusSeconds(endedAt ?? "", seconds));
  return { ...broker, log, logs, run, activity: ports, settled, endedGrant, afterEnd };
}

const recorded = async ({ evidence }: ReturnType<typeof world>, id: string) =>
  (await evidence.evidenceOf(id)).flatMap((one) => (one.type === "activity" ? one : []));

describe("The use of grants", () => {
  it("Is recorded alike by two runs at once, which pay for the query twice at most", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const broker = world();
        const grant = await broker.endedGrant();
        broker.afterEnd(grant, DELAY + 1);
        const slow = {
          ...broker.activity,
          evidence: interleaved(scheduler, broker.activity.evidence),
          log: interleaved(scheduler, broker.activity.log),
        };
        const run = () => ({ ...broker.run, settled: new Set<string>() });
        const runs = Promise.all([recordActivity(slow, run()), recordActivity(slow, run())]);
        await scheduler.waitFor(runs);
        expect((await runs).map(({ failed }) => failed)).toEqual([0, 0]);
        const found = await recorded(broker, grant.id);
        expect(found.length).toBeGreaterThan(0);
        expect(new Set(found.map(({ details }) => JSON.stringify(details))).size).toBe(1);
      }),
      { numRuns: 40 },
    );
  });

  it("Is recorded once for each grant that ended, a quarter of an hour after its end", async () => {
    const broker = world();
    const grant = await broker.endedGrant();
    broker.afterEnd(grant, DELAY);
    expect(await recordActivity(broker.activity, broker.run)).toMatchObject({ recorded: 0 });
    broker.clock.advance(1);
    const first = await recordActivity(broker.activity, broker.run);
    expect(first).toMatchObject({ recorded: 1, failed: 0, more: false });
    const [record, ...others] = await recorded(broker, grant.id);
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      at: broker.clock.now(),
      details: { state: "read", from: grant.approvedAt, until: grant.endedAt },
    });
    expect(record?.details.counts).toMatchObject([{ verb: "list", outcome: "allowed", count: 3 }]);
    expect(record?.details.scannedBytes).toBe(first.scannedBytes);
    broker.clock.advance(300);
    expect(await recordActivity(broker.activity, broker.run)).toMatchObject({ recorded: 0 });
  });

  it("Is recorded once even by a process that knows nothing of the first time", async () => {
    const broker = world();
    const grant = await broker.endedGrant();
    broker.clock.advance(DELAY);
    await recordActivity(broker.activity, broker.run);
    broker.settled.clear();
    const asked = broker.log.asked.length;
    expect(await recordActivity(broker.activity, broker.run)).toMatchObject({ recorded: 0 });
    expect([broker.log.asked.length, (await recorded(broker, grant.id)).length]).toEqual([
      asked,
      1,
    ]);
  });

  it("Is made good for a day after a run that failed or never was", async () => {
    const broker = world();
    const grant = await broker.endedGrant();
    broker.clock.advance(DELAY);
    const failing: ActivityPorts = {
      ...broker.activity,
      log: { ask: async () => Promise.reject(new Error("LimitExceededException")) },
    };
    const report = await recordActivity(failing, broker.run);
    expect(report).toMatchObject({ recorded: 0, failed: 1 });
    expect(broker.logs).toEqual(["audit log not read"]);
    broker.afterEnd(grant, DAY);
    expect(await recordActivity(broker.activity, broker.run)).toMatchObject({ recorded: 1 });
  });

  it("A grant whose log cannot be read does not keep the others from theirs", async () => {
    const broker = world();
    const first = await broker.endedGrant();
    const second = await broker.endedGrant();
    broker.clock.advance(DELAY);
    const { log } = broker.activity;
    const failing: ActivityPorts = {
      ...broker.activity,
      log: {
        ask: async (asked) => {
          if (asked.until <= (first.endedAt ?? "")) throw new Error("No answer.");
          return await log.ask(asked);
        },
      },
    };
    expect(await recordActivity(failing, broker.run)).toMatchObject({ recorded: 1, failed: 1 });
    expect((await recorded(broker, second.id)).length).toBe(1);
  });

  it("The next run does the work that a run has no time for", async () => {
    const broker = world();
    const grant = await broker.endedGrant();
    broker.clock.advance(DELAY);
    const late = { ...broker.run, isTimeUp: () => true };
    expect(await recordActivity(broker.activity, late)).toMatchObject({ recorded: 0, more: true });
    expect(await recorded(broker, grant.id)).toEqual([]);
    expect(await recordActivity(broker.activity, broker.run)).toMatchObject({ recorded: 1 });
  });

  it("Is asked from the start of a grant that was approved long before", async () => {
    const broker = world();
    const startsAt = plusSeconds(broker.clock.now(), 7_200);
    const grant = await broker.grant({ startsAt });
    broker.clock.set(startsAt);
    await broker.converge();
    await broker.end(grant, "return");
    await broker.settle();
    const { endedAt } = await broker.reload(grant);
    broker.clock.advance(DELAY);
    expect(await recordActivity(broker.activity, broker.run)).toMatchObject({ recorded: 1 });
    expect((await recorded(broker, grant.id))[0]?.details).toMatchObject({
      from: startsAt,
      until: endedAt,
    });
  });

  it("Is not asked where access.yaml does not switch it on", async () => {
    const broker = world(aPolicy());
    await broker.endedGrant();
    broker.clock.advance(DELAY);
    expect(await recordActivity(broker.activity, broker.run)).toMatchObject({ recorded: 0 });
    expect(broker.log.asked).toEqual([]);
  });

  it("Is not asked of a grant that was cancelled before it had access", async () => {
    const broker = world();
    const startsAt = new Date(Date.parse(broker.clock.now()) + 3_600_000).toISOString();
    const asked = await broker.ask({ startsAt });
    await broker.approve(asked);
    await broker.end(asked, "cancel");
    await broker.settle();
    broker.clock.advance(DELAY);
    expect((await broker.reload(asked)).endedAt).not.toBeNull();
    await recordActivity(broker.activity, broker.run);
    expect(broker.log.asked).toEqual([]);
  });
});

describe("Asking again", () => {
  it("Adds a summary only if the log says something else by then", async () => {
    const broker = world();
    const grant = await broker.endedGrant();
    broker.clock.advance(DELAY);
    await recordActivity(broker.activity, broker.run);
    expect(await recordActivityOf(broker.activity, grant.id)).toBeGreaterThan(0);
    expect((await recorded(broker, grant.id)).length).toBe(1);
    const others = logged(31, { role: "bob" });
    broker.log.events.set(PROD.arn, [...(broker.log.events.get(PROD.arn) ?? []), others]);
    await recordActivityOf(broker.activity, grant.id);
    expect((await recorded(broker, grant.id)).length).toBe(1);
    const late = logged(30, { verb: "delete", name: "late", reason: byPolicy(EDIT, ALICE) });
    broker.log.events.set(PROD.arn, [...(broker.log.events.get(PROD.arn) ?? []), late]);
    await recordActivityOf(broker.activity, grant.id);
    expect((await recorded(broker, grant.id)).map(({ details }) => details.counts.length)).toEqual([
      1, 2,
    ]);
  });

  it("Asks nothing about a grant that is not over, and refuses an unknown one", async () => {
    const broker = world();
    const grant = await broker.activeGrant();
    expect(await recordActivityOf(broker.activity, grant.id)).toBeUndefined();
    await expect(recordActivityOf(broker.activity, "none")).rejects.toMatchObject({
      code: "request-not-found",
    });
    expect(broker.log.asked).toEqual([]);
  });
});

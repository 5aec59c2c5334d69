/** Records that no step can be stored for, as functions facing people could plant them. */
import { describe, expect, it } from "vitest";
import { PROD } from "../../../../../lab/fakes/builders.ts";
import { withHistory } from "../../../../../lab/fakes/forge-whole.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
} from "../../../../../lab/fakes/memory-broker.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { BrokerError } from "../../../../../shared/domain/values/errors.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { sweep } from "../../../../../shared/usecases/converge/sweep.ts";

const PLANTED_ID = "00000000-0000-7000-8000-000000000000";
const NOBODY = "arn:aws:iam::111122223333:role/nobody";
const ELSEWHERE = PROD.arn.replace("111122223333", "999999999999");

/** Plants a grant into the partition of its entry, and nowhere else, with a head that is due. */
function plant(
  { tables, clock }: MemoryBroker,
  grant: AccessRequest,
  change: Partial<AccessRequest>,
): string {
  const record = { ...grant, id: PLANTED_ID, ...change };
  const { cluster, principalArn, id } = record;
  const binding = bindingKey(cluster.arn, principalArn);
  const own = tables.grants.get(binding) ?? new Map<string, AccessRequest>();
  tables.grants.set(binding, own.set(id, record));
  const head = { clusterArn: cluster.arn, principalArn, version: 1, attempts: 0 };
  const due = { dueAt: clock.now(), dueFor: "addition", removeAt: clock.now(), driftCheckAt: null };
  const known = { reservedBytes: 0, ledgerRevision: 0, ledgerHolds: false };
  tables.heads.set(binding, { ...head, ...due, ...known, ...tables.heads.get(binding) } as never);
  return binding;
}

/** Sweeps for some minutes. @returns how many runs the binding took in the last hour of them */
async function runsOf(broker: MemoryBroker, binding: string, minutes: number): Promise<number> {
  const memory = {};
  let late = 0;
  for (let left = minutes; left > 0; left -= 1) {
    await sweep(broker.front, memory);
    const sent = broker.queue.sent.splice(0).filter(({ subject }) => subject === binding);
    if (sent.length > 0) {
      await broker.converge(binding);
      if (left <= 60) late += 1;
    }
    broker.clock.advance(60);
  }
  return late;
}

describe("A planted record that no step can be stored for", () => {
  const places = [
    ["nobody's principal", { principalArn: NOBODY }],
    ["no cluster", { cluster: { name: "ghost", arn: PROD.arn.replace("prod", "ghost") } }],
    ["a cluster of another account", { cluster: { name: "prod", arn: ELSEWHERE } }],
  ] as const;
  const states = ["approved", "active", "ending"] as const;
  const all = places.flatMap(([place, change]) =>
    states.map((state) => [state, place, { ...change, state }] as const),
  );

  it.each(all)("One that is %s for %s is soon due no more", async (_state, _place, change) => {
    const broker = memoryBroker();
    const binding = plant(broker, await broker.grant(), change);
    expect(await runsOf(broker, binding, 180)).toBe(0);
    expect(broker.entries.calls).toEqual([]);
  });

  it("One with a whole history is soon due no more", async () => {
    const broker = memoryBroker();
    const whole = withHistory({ ...(await broker.grant()), id: PLANTED_ID, principalArn: NOBODY });
    broker.tables.events.push(...whole.events);
    expect(await runsOf(broker, plant(broker, whole.request, {}), 180)).toBe(0);
  });

  it("It is in the log, and counts for the alarm", async () => {
    const broker = memoryBroker();
    const binding = plant(broker, await broker.grant(), { principalArn: NOBODY, state: "ending" });
    expect(await broker.converge(binding)).toMatchObject({ recordsLeftOut: 1 });
    expect(broker.logs).toContainEqual({
      message: "records left out",
      facts: { binding, count: 1, found: [`${PLANTED_ID}: stuck`] },
    });
  });

  it("A grant of the same entry begins, and ends at its time", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    plant(broker, grant, { access: edit("payments-web") });
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toBeUndefined();
    await broker.settle();
    expect(await broker.states(grant)).toEqual(["ended"]);
  });
});

describe("Several such records of one entry, whose steps come one after the other in a run", () => {
  /** A record whose time is over; one that the policy refuses; one that is active and never began; one that is ending. */
  function plantEach(broker: MemoryBroker, grant: AccessRequest, more: Partial<AccessRequest>) {
    const now = broker.clock.now();
    const over = { revokeAt: plusSeconds(now, -120), expiresAt: plusSeconds(now, -60) };
    const changes = [over, { digest: "x" }, { state: "active" }, { state: "ending" }] as const;
    for (const [at, change] of changes.entries())
      plant(broker, grant, { ...more, ...change, id: PLANTED_ID.replace(/.$/, String(at)) });
  }

  it("Their binding is soon due no more", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    plantEach(broker, grant, { principalArn: NOBODY });
    expect(await runsOf(broker, bindingKey(grant.cluster.arn, NOBODY), 180)).toBe(0);
  });

  it("A grant of the same entry begins, and ends at its time, and the entry is soon due no more", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    plantEach(broker, grant, { access: edit("payments-web") });
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await runsOf(broker, broker.binding, 240)).toBe(0);
    expect(broker.actual()).toBeUndefined();
    expect(await broker.states(grant)).toEqual(["ended"]);
  });
});

describe("Hundreds of such records of one entry", () => {
  /** Records whose time is over. */
  function plantMany(broker: MemoryBroker, grant: AccessRequest, more: Partial<AccessRequest>) {
    const expiresAt = plusSeconds(broker.clock.now(), -60);
    const over = { ...more, revokeAt: plusSeconds(expiresAt, -120), expiresAt };
    for (let at = 100; at < 500; at += 1)
      plant(broker, grant, { ...over, id: PLANTED_ID.replace(/...$/, String(at)) });
    const steps: string[] = [];
    for (const site of ["requests.save", "requests.saveAll"])
      broker.watch(site, () => steps.push(site));
    return steps;
  }

  it("A run tries few of their steps, and their binding is soon due no more", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const binding = bindingKey(grant.cluster.arn, NOBODY);
    const steps = plantMany(broker, grant, { principalArn: NOBODY });
    await broker.converge(binding);
    expect(steps.length).toBeLessThan(50);
    expect(await runsOf(broker, binding, 120)).toBe(0);
  });

  it("The end of a grant of the same entry is stored, since steps of begun grants come first", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    plantMany(broker, grant, { access: edit("payments-web") });
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toBeUndefined();
    await broker.settle();
    expect(await broker.states(grant)).toEqual(["ended"]);
  });
});

describe("A grant whose own record others forged as another entry's", () => {
  it.each([
    ["cluster", { cluster: { name: "ghost", arn: PROD.arn.replace("prod", "ghost") } }],
    ["principal", { principalArn: NOBODY }],
  ])("It ends at its time, and its entry is soon due no more: another %s", async (_, change) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.tables.requests.set(grant.id, { ...grant, ...change });
    broker.clock.advance(3_600);
    expect(await runsOf(broker, broker.binding, 180)).toBe(0);
    expect(broker.actual()).toBeUndefined();
    expect((await broker.ledger())?.stuck).toHaveProperty(grant.id);
  });
});

describe("A record that only seems stuck", () => {
  const CONFLICT = new BrokerError("version-conflict", "Someone else changed this request first.");

  it("One that has begun is not left out: its access goes, and its end is stored later", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const repairs = ["requests.save", "requests.saveAll"].map((site) =>
      broker.breakPort(site, CONFLICT),
    );
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toBeUndefined();
    for (const repair of repairs) repair();
    await broker.settle();
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("One that a stored call was to serve is not left out: its access goes first", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.ledgers.ledgers.clear();
    const repair = broker.breakPort("requests.save", CONFLICT);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    repair();
    await broker.settle(900);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("One that people change between two conflicts is believed", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.clock.advance(3_600);
    let saves = 0;
    broker.beforeEach("requests.save", async () => {
      saves += 1;
      if (saves === 1) await broker.end(grant, "cancel");
      if (saves === 2) throw CONFLICT;
    });
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
  });
});

/** Many records of one entry that began, and whose end cannot be stored: as functions that face people could make them. */
import { describe, expect, it } from "vitest";
import { withHistory } from "../../../../../lab/fakes/forge-whole.ts";
import { EDIT, type MemoryBroker, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { chained } from "../../../../../shared/domain/requests/audit-chain.ts";
import type { AuditEvent } from "../../../../../shared/domain/requests/audit-event.ts";
import { digestOf } from "../../../../../shared/domain/requests/digest.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";

const COUNT = 150;
const idOf = (at: number) => `00000000-0000-7000-8000-${String(at).padStart(12, "0")}`;

const put = ({ tables, binding }: MemoryBroker, grant: AccessRequest) =>
  tables.grants.set(binding, new Map([...(tables.grants.get(binding) ?? []), [grant.id, grant]]));

/** Forges approved requests like this one, each with a whole history. */
function forgeLike(broker: MemoryBroker, { approvals, ...grant }: AccessRequest): void {
  for (let at = 0; at < COUNT; at += 1) {
    const digest = digestOf({ ...grant, id: idOf(at) });
    const given = approvals.map((approval) => ({ ...approval, digest }));
    const terms = { ...grant, id: idOf(at), digest, approvals: given };
    const { request, events } = withHistory(terms);
    broker.tables.events.push(...events);
    broker.tables.requests.set(request.id, request);
    put(broker, request);
  }
}

/** Puts an event in the place of the next one of each forged request. */
function takeNextPlaces({ tables: { events } }: MemoryBroker): void {
  for (let at = 0; at < COUNT; at += 1) {
    const last = events.findLast(({ requestId }) => requestId === idOf(at)) as AuditEvent;
    const next = { seq: last.seq + 1, previousHash: last.hash, details: { calls: [] } };
    events.push(chained({ ...last, ...next, type: "evidence", from: last.to } as AuditEvent));
  }
}

/** Counts transactions with steps of requests. */
function watchSteps(broker: MemoryBroker): { readonly count: () => number } {
  let steps = 0;
  for (const site of ["requests.save", "requests.saveAll"]) broker.watch(site, () => (steps += 1));
  return { count: () => steps };
}

/** Runs the binding whenever it is due. @returns how many runs that took */
async function runsIn(broker: MemoryBroker, minutes: number): Promise<number> {
  let runs = 0;
  for (let left = minutes; left > 0; left -= 1) {
    broker.clock.advance(60);
    const { dueAt, removeAt } = broker.tables.heads.get(broker.binding) ?? {};
    const isDue = [dueAt, removeAt].some((at) => at && at <= broker.clock.now());
    if (!isDue) continue;
    await broker.converge();
    runs += 1;
  }
  return runs;
}

describe("Many grants of one entry that began, and whose next event others put there", () => {
  it("Their access ends at its time, in few transactions, and their entry is soon due no more", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ["ns/own"] });
    const grant = await broker.grant();
    forgeLike(broker, grant);
    for (let left = 30; left > 0; left -= 1) await broker.converge();
    expect(Object.keys((await broker.ledger())?.begun ?? {})).toHaveLength(COUNT + 1);
    takeNextPlaces(broker);
    const steps = watchSteps(broker);
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
    expect(steps.count()).toBeLessThan(50);
    await runsIn(broker, 60);
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(await runsIn(broker, 60)).toBe(0);
  });
});

describe("Many such grants, where the tables are slow", () => {
  it("Each run goes on with others, so their entry is soon due no more", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ["ns/own"] });
    const grant = await broker.grant();
    forgeLike(broker, grant);
    for (let left = 30; left > 0; left -= 1) await broker.converge();
    takeNextPlaces(broker);
    broker.clock.set(grant.revokeAt ?? "");
    for (const site of ["requests.isAt", "requests.historyPage"])
      broker.watch(site, () => broker.clock.advance(0.03));
    for (let left = 10; left > 0; left -= 1) {
      broker.clock.advance(60);
      await broker.converge(broker.binding, broker.timed(8));
    }
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(Object.keys((await broker.ledger())?.stuck ?? {})).toHaveLength(COUNT);
    expect(await runsIn(broker, 60)).toBe(0);
  });
});

describe("Many copies of an active grant's record under other ids", () => {
  it.each(["approved", "active", "ending"] as const)(
    "The grant ends and is reported ended, in few transactions, and its entry is soon due no more: %s",
    async (state) => {
      const broker = memoryBroker();
      broker.othersHad({ [EDIT]: ["ns/own"] });
      const grant = await broker.activeGrant();
      for (let at = 0; at < COUNT; at += 1) put(broker, { ...grant, id: idOf(at), state });
      const steps = watchSteps(broker);
      await broker.converge();
      await broker.convergeAtEnd(grant);
      expect(broker.namespaces(EDIT)).toEqual(["own"]);
      expect(await runsIn(broker, 60)).toBeLessThan(10);
      expect(await broker.states(grant)).toEqual(["ended"]);
      expect(await runsIn(broker, 60)).toBe(0);
      expect(steps.count()).toBeLessThan(50);
    },
  );
});

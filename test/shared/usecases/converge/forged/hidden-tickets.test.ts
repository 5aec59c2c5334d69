/** Tickets that end access are read also where others keep sweep from asking for them: the ledger knows them. */
import { expect, it } from "vitest";
import { T0 } from "../../../../../lab/fakes/builders.ts";
import { PAY_1, ticketBroker } from "../../../../../lab/fakes/ticket-policy.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

/** Alice's access, which ends with her ticket, once it has begun. Sweep knows nothing of it, whatever keeps it from that. */
async function lent() {
  const broker = ticketBroker();
  const request = await broker.askFor();
  await broker.ticket();
  await broker.sweep();
  const grant = await broker.reload(request);
  const binding = bindingKey(grant.cluster.arn, grant.principalArn);
  const run = () => broker.converge(binding);
  await run();
  broker.tables.requests.set(grant.id, { ...(await broker.reload(grant)), state: "ended" });
  const address = broker.addressOf(undefined, grant.principalArn);
  const looks = async () => {
    const before = broker.looked.length;
    const report = await run();
    expect(await broker.sweep()).toMatchObject({ looks: 0, unknown: 0 });
    return { asked: broker.looked.slice(before), unread: report.ticketsUnread };
  };
  return { broker, grant, binding, looks, run, address };
}

it("Converge has it looked at once its last look is five minutes ago, and ends the access once it is closed", async () => {
  const { broker, looks, run, address } = await lent();
  broker.clock.advance(299);
  expect(await looks()).toEqual({ asked: [], unread: 0 });
  broker.clock.advance(1);
  expect(await looks()).toEqual({ asked: [PAY_1], unread: 0 });
  await broker.ticket({ status: "done" });
  await run();
  expect(broker.entries.peek(address)).toBeUndefined();
  broker.clock.advance(900);
  expect(await looks()).toEqual({ asked: [], unread: 0 });
});

it("It is unread where nobody has an answer for as long as one counts, and that is said", async () => {
  const { broker, binding, looks } = await lent();
  broker.clock.advance(899);
  expect(await looks()).toEqual({ asked: [PAY_1], unread: 0 });
  broker.clock.advance(1);
  await broker.look({ unknown: "busy" });
  expect(await looks()).toEqual({ asked: [PAY_1], unread: 1 });
  expect(broker.logs).toContainEqual({
    message: "tickets unread",
    facts: { binding, tickets: [PAY_1] },
  });
  broker.clock.advance(10);
  await broker.ticket();
  // The clock of whoever read may be ahead.
  broker.clock.advance(-10);
  expect(await looks()).toEqual({ asked: [], unread: 0 });
});

it("A reading of a time to come is none", async () => {
  const { broker, looks } = await lent();
  broker.clock.advance(60);
  await broker.facts.putTicket({
    ticket: PAY_1,
    lookedAt: plusSeconds(broker.clock.now(), 86_400),
    answer: { readAt: plusSeconds(broker.clock.now(), 86_400), missing: "moved" },
  });
  expect(await looks()).toEqual({ asked: [PAY_1], unread: 0 });
});

it("Facts that cannot be read, and a queue that takes nothing, hold up no end", async () => {
  const { broker, grant, looks, run, address } = await lent();
  broker.breakPort("facts.tickets", new Error("The table is busy."));
  expect((await looks().catch(() => ({ asked: broker.looked }))).asked).toContain(PAY_1);
  broker.breakPort("outside.lookAtTickets", new Error("The queue is away."));
  broker.clock.set(grant.revokeAt ?? "");
  await run();
  expect(broker.entries.peek(address)).toBeUndefined();
});

it("Scheduler sends its entry to converge again, also where the sweep sends nothing", async () => {
  const { broker, binding, run } = await lent();
  const next = () => [...broker.schedules.timers.keys()].filter((name) => name.startsWith("retry"));
  expect(next()).toEqual([`retry ${binding} ${plusSeconds(T0, 600)}`]);
  broker.clock.advance(600);
  await run();
  expect(next()).toContain(`retry ${binding} ${plusSeconds(T0, 1_200)}`);
});

it("Before a removal few tickets are read of records that others planted, and those of begun access come first", async () => {
  const { broker, grant, binding, run, address } = await lent();
  const filed = broker.tables.grants.get(binding);
  const record = filed?.get(grant.id) ?? grant;
  filed?.clear();
  for (let at = 0; at < 300; at += 1) {
    const id = `00000000-0000-7000-8000-${String(at).padStart(12, "0")}`;
    filed?.set(id, { ...record, id, state: "approved", ticket: `PAY-${at + 2}` });
  }
  filed?.set(grant.id, record);
  const asked: unknown[] = [];
  broker.watch("facts.tickets", ([keys]) => {
    if (broker.entries.peek(address)) asked.push(...(keys as readonly string[]));
  });
  await broker.ticket({ status: "done" });
  await run();
  expect(broker.entries.peek(address)).toBeUndefined();
  expect(asked[0]).toBe(PAY_1);
  expect(asked.length).toBeLessThan(50);
});

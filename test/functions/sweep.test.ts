/** One invocation of the sweep, over a broker in memory. */
import { beforeEach, describe, expect, it } from "vitest";
import { T0 } from "../../lab/fakes/builders.ts";
import { type MemoryBroker, memoryBroker } from "../../lab/fakes/memory-broker.ts";
import { memoryStandingStore } from "../../lab/fakes/memory-standing-store.ts";
import { ticketBroker } from "../../lab/fakes/ticket-policy.ts";
import { contextWith, standIns } from "./loaded-function.ts";

const ports: Record<string, unknown> = {};
const calls: string[] = [];
const said = standIns({ "aws/composition-root": { sweepPorts: () => ports } });
const { handler } = await import("../../functions/sweep.ts");
const sweep = () =>
  handler(
    {} as never,
    contextWith(() => 60_000),
  );

let broker: MemoryBroker;
beforeEach(() => {
  broker = memoryBroker();
  const { front } = broker;
  const wakeNotify = async () => void calls.push("wakeNotify");
  const openReviews: typeof front.requests.openReviews = (...asked) => {
    calls.push("openReviews");
    return front.requests.openReviews(...asked);
  };
  const due: typeof front.bindings.due = (...asked) => {
    calls.push("due");
    return front.bindings.due(...asked);
  };
  Object.assign(ports, front, { standing: memoryStandingStore(), wakeNotify });
  Object.assign(ports, { requests: { ...front.requests, openReviews } });
  Object.assign(ports, { bindings: { ...front.bindings, due } });
  for (const list of [calls, said.lines, said.reported]) list.length = 0;
});

describe("An invocation of the sweep", () => {
  it("It sends what is due to converge, and logs and answers how much", async () => {
    const grant = await broker.activeGrant();
    broker.clock.set(grant.revokeAt ?? "");
    const report = await sweep();
    expect(broker.queue.sent).toContainEqual(expect.objectContaining({ subject: broker.binding }));
    expect(said.lines).toEqual([{ level: "info", message: "swept", facts: report }]);
  });

  it("Each alarm has its own count: late lists of clusters, overdue reviews, unknown schedules", async () => {
    expect(broker.clock.now()).toBe(T0);
    await sweep();
    expect(said.reported).toEqual([
      { OverdueReviews: 0 },
      { StandingLate: 2 },
      { OnCallUnknown: 0 },
    ]);
  });

  it("Reviews are counted after all that is due was sent, and notify is woken last", async () => {
    await sweep();
    expect(calls.indexOf("openReviews")).toBeGreaterThan(calls.lastIndexOf("due"));
    expect([calls.lastIndexOf("wakeNotify"), calls.indexOf("wakeNotify")]).toEqual([
      calls.length - 1,
      calls.length - 1,
    ]);
  });

  it("Where rules ask about tickets, each sweep counts those that nobody knows", async () => {
    const tickets = ticketBroker();
    Object.assign(ports, tickets.front, { bindings: tickets.front.bindings });
    await tickets.askFor();
    tickets.clock.advance(120);
    await sweep();
    expect(said.reported).toContainEqual({ TicketsUnknown: 1 });
    expect(said.lines).toMatchObject([{ message: "swept" }, { message: "swept tickets" }]);
  });

  it("A sweep in which no request waits for a ticket writes no line about tickets", async () => {
    const tickets = ticketBroker();
    Object.assign(ports, tickets.front, { bindings: tickets.front.bindings });
    await sweep();
    expect(said.lines).toMatchObject([{ message: "swept" }]);
    expect(said.reported).toContainEqual({ TicketsUnknown: 0 });
  });
});

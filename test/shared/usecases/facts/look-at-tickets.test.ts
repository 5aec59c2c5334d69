/** outside asks trackers about the tickets that a message names, stores what they say, and wakes ticket-sweep. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { memoryFactStore } from "../../../../lab/fakes/memory-fact-store.ts";
import type { TicketLook } from "../../../../shared/domain/facts/ticket-look.ts";
import type { Tracker } from "../../../../shared/domain/facts/tracker.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { lookAtTickets } from "../../../../shared/usecases/facts/look-at-tickets.ts";

const KEY = "jira/example.atlassian.net/PAY-1";
const OPEN: TicketLook = {
  ticket: { key: "PAY-1", status: "open", title: "A title", assignees: [] },
};

function world(look: TicketLook = OPEN) {
  const facts = memoryFactStore();
  const asked: string[] = [];
  const woken: (readonly string[])[] = [];
  const logged: object[] = [];
  const clock = { at: T0, now: () => clock.at };
  const ports = {
    facts,
    clock,
    policy: {
      tickets: {
        payments: { service: "jira", site: "example.atlassian.net", projects: ["PAY"] },
      } as const,
    },
    settings: { lookPauseSeconds: 20 },
    source: { look: () => Promise.reject(new Error("No schedule is asked about.")) },
    tickets: {
      async look(_: Tracker, ticket: string) {
        asked.push(ticket);
        return "unknown" in look ? { ...look, detail: "token-refused" } : look;
      },
    },
    wake: {
      async ticketsRead(keys: readonly string[]) {
        woken.push(keys);
      },
    },
  };
  const run = (keys: readonly string[], isTimeUp = () => false) =>
    lookAtTickets(ports, { keys, isTimeUp, log: (_, said) => logged.push(said) });
  return { run, facts, asked, woken, logged, clock, ports };
}

describe("looking at tickets", () => {
  it("A ticket is asked about, its answer is stored, and sweep is woken", async () => {
    const { run, facts, asked, woken } = world();
    expect(await run([KEY, KEY])).toEqual({ looked: 1, unknown: 0, left: 0 });
    expect(asked).toEqual(["PAY-1"]);
    expect((await facts.tickets([KEY])).get(KEY)).toMatchObject({
      lookedAt: T0,
      answer: { readAt: T0, is: { status: "open" } },
    });
    expect(woken).toEqual([[KEY]]);
  });

  it.each(["jira/example.atlassian.net/OPS-1", "jira/other.atlassian.net/PAY-1", "x"])(
    "%s is no ticket of the policy's trackers, whoever sent it",
    async (key) => {
      const { run, asked, woken } = world();
      expect(await run([key])).toEqual({ looked: 0, unknown: 0, left: 0 });
      expect([asked, woken]).toEqual([[], []]);
    },
  );

  it("It is not asked again within the pause, and sweep is woken all the same", async () => {
    const { run, asked, woken, clock } = world();
    await run([KEY]);
    clock.at = plusSeconds(T0, 19);
    await run([KEY]);
    expect([asked.length, woken.length]).toEqual([1, 2]);
    clock.at = plusSeconds(T0, 20);
    await run([KEY]);
    expect(asked).toHaveLength(2);
  });

  it("What is not told is unknown, and the log says more for an operator", async () => {
    const { run, facts, logged } = world({ unknown: "denied" });
    expect(await run([KEY])).toMatchObject({ looked: 1, unknown: 1 });
    expect((await facts.tickets([KEY])).get(KEY)).toEqual({
      ticket: KEY,
      lookedAt: T0,
      failing: { since: T0, why: "denied" },
    });
    expect(logged).toEqual([{ ticket: KEY, why: "denied", detail: "token-refused" }]);
  });

  it("A wake that is lost loses nothing but time", async () => {
    const { run, facts, ports, logged } = world();
    ports.wake.ticketsRead = () => Promise.reject(new Error("Lambda is away."));
    expect(await run([KEY])).toMatchObject({ looked: 1 });
    expect((await facts.tickets([KEY])).size).toBe(1);
    expect(logged).toEqual([{ error: "Error" }]);
  });

  it("Where earlier looks cannot be read, it looks all the same, and stores what was answered", async () => {
    const { run, facts, ports, woken } = world();
    const { tickets } = facts;
    ports.facts = { ...facts, tickets: () => Promise.reject(new Error("The table is busy.")) };
    expect(await run([KEY])).toEqual({ looked: 1, unknown: 0, left: 0 });
    expect((await tickets([KEY])).get(KEY)).toMatchObject({ answer: { is: { status: "open" } } });
    expect(woken).toEqual([[KEY]]);
  });

  it("A failure then leaves the last answer as it is", async () => {
    const { run, facts, ports } = world({ unknown: "busy" });
    const { tickets } = facts;
    const before = { ticket: KEY, lookedAt: T0, answer: { readAt: T0, missing: "moved" } } as const;
    await facts.putTicket(before);
    ports.facts = { ...facts, tickets: () => Promise.reject(new Error("The table is busy.")) };
    expect(await run([KEY])).toMatchObject({ looked: 1, unknown: 1 });
    expect((await tickets([KEY])).get(KEY)).toEqual(before);
  });

  it("A message may name more tickets than one read takes", async () => {
    const { run } = world();
    const keys = Array.from({ length: 101 }, (_, at) => `jira/example.atlassian.net/PAY-${at + 1}`);
    expect(await run(keys)).toMatchObject({ looked: 101 });
  });

  it("Without time left, nobody is asked", async () => {
    const { run, asked } = world();
    expect(await run([KEY], () => true)).toMatchObject({ looked: 0, left: 1 });
    expect(asked).toEqual([]);
  });
});

/** The messages of a sweep, and their order. */
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { memoryNotifyQueue } from "../../../../../lab/fakes/memory-notify-queue.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import type { DueItem } from "../../../../../shared/ports/binding-store.ts";
import type { ConvergeQueue } from "../../../../../shared/ports/converge-queue.ts";
import { sweep } from "../../../../../shared/usecases/converge/sweep.ts";

const item = (kind: Exclude<DueItem["kind"], "lapse">): DueItem =>
  kind === "drift-check"
    ? { kind, binding: kind, clusterArn: "one", isTurn: false }
    : { kind, binding: kind, clusterArn: "one" };
const ITEMS = (["drift-check", "addition", "confirmation", "removal"] as const).map(item);

/** A sweep that finds these items due, while this many messages wait. */
async function sweeping(
  backlog: () => Promise<number>,
  slow: readonly string[] = [],
  items: readonly DueItem[] = ITEMS,
) {
  const broker = memoryBroker();
  const sent: string[] = [];
  const queue: ConvergeQueue = {
    ...broker.front.queue,
    backlog,
    async sendOnce(subject, cause) {
      if (slow.includes(subject)) await setImmediate();
      sent.push(`${subject} for ${cause}`);
    },
  };
  const bindings = { ...broker.front.bindings, due: async () => items };
  const report = await sweep({ ...broker.front, bindings, queue }, {});
  return { sent, report };
}

describe("The sweep", () => {
  it("A sweep sends removals, confirmations, additions and drift checks, then cluster checks", async () => {
    const { sent, report } = await sweeping(async () => 0, ["removal", "confirmation", "addition"]);
    expect(sent).toEqual([
      "removal for sweep",
      "confirmation for sweep",
      "addition for sweep",
      "drift-check for drift-check",
      "cluster/prod for cluster-check",
      "cluster/staging for cluster-check",
    ]);
    expect(report).toEqual({
      removals: 1,
      notices: 0,
      confirmations: 1,
      additions: 1,
      driftChecks: 1,
      lapsed: 0,
      failed: 0,
      backlog: 0,
    });
  });

  it("A sweep sends all other work and ten drift checks of each kind while messages wait", async () => {
    const checks = Array.from({ length: 24 }, (_, count): DueItem => {
      const isTurn = count % 2 === 0;
      return { kind: "drift-check", binding: `${count}`, clusterArn: "one", isTurn };
    });
    const { sent, report } = await sweeping(async () => 1, [], [...ITEMS.slice(1), ...checks]);
    expect(sent.filter((each) => each.endsWith("for drift-check"))).toEqual(
      Array.from({ length: 20 }, (_, count) => `${count} for drift-check`),
    );
    expect(report).toMatchObject({
      removals: 1,
      confirmations: 1,
      additions: 1,
      driftChecks: 20,
      failed: 0,
      backlog: 1,
    });
  });

  it("A sweep sends drift checks if the queue does not say how many messages wait", async () => {
    const { report } = await sweeping(() => Promise.reject(new Error("down")));
    expect(report).toMatchObject({ driftChecks: 1, backlog: null });
  });

  it("A sweep wakes notify for what is due within seconds, since the next comes in a minute", async () => {
    const broker = memoryBroker();
    const asked: string[] = [];
    const due = async (until: string) => {
      asked.push(until);
      return [];
    };
    await sweep({ ...broker.front, notices: { due } }, {});
    expect(asked).toEqual([plusSeconds(broker.clock.now(), 6)]);
  });

  it("Sweeps wake notify once for what is due, until something new is stored of it", async () => {
    const broker = memoryBroker();
    const notifyQueue = memoryNotifyQueue();
    // By every clock, since two differ by ten seconds at most.
    const past = () => plusSeconds(broker.clock.now(), -10);
    let due = [{ subject: "request", dueAt: past(), turn: "1" }];
    const minutes = async (count: number) => {
      for (let minute = 0; minute < count; minute += 1) {
        await sweep({ ...broker.front, notifyQueue, notices: { due: async () => due } }, {});
        broker.clock.advance(60);
      }
    };
    await minutes(3);
    expect(notifyQueue.sent).toEqual(["request"]);
    // A step of a clock that is behind is stored at the instant of the step before.
    due = due.map((each) => ({ ...each, turn: "2" }));
    await minutes(2);
    expect(notifyQueue.sent).toEqual(["request", "request"]);
  });

  it.each([5, 0, -9])(
    "Sweeps wake notify twice for what is due in %i s, since its clock may be ten behind",
    async (seconds) => {
      const broker = memoryBroker();
      const notifyQueue = memoryNotifyQueue();
      const dueAt = plusSeconds(broker.clock.now(), seconds);
      const due = [{ subject: "request", dueAt, turn: "1" }];
      for (let minute = 0; minute < 3; minute += 1) {
        await sweep({ ...broker.front, notifyQueue, notices: { due: async () => due } }, {});
        broker.clock.advance(60);
      }
      expect(notifyQueue.sent).toEqual(["request", "request"]);
    },
  );
});

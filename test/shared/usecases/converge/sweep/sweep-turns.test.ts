/** The turns of drift checks, and the fate of turns that a sweep could not take. */
import { describe, expect, it } from "vitest";
import { memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { isAmong } from "../../../../../shared/domain/entries/drift-turn.ts";
import type { Access } from "../../../../../shared/domain/requests/request.ts";
import type { ConvergeQueue } from "../../../../../shared/ports/converge-queue.ts";
import { sweep } from "../../../../../shared/usecases/converge/sweep.ts";
import type { SweepMemory } from "../../../../../shared/usecases/converge/sweep-memory.ts";

const WHOLE_CLUSTER: Access = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } };

/** Access on two clusters, and a process that sweeps every minute. @returns the bindings in the order of their places */
async function lent(quietMinutes = 0) {
  const broker = memoryBroker();
  const sweepers = sweepersOf(broker);
  await sweepers.minutes(quietMinutes);
  await broker.grant();
  await broker.grant({ cluster: "staging", access: WHOLE_CLUSTER });
  const bindings = [...broker.tables.heads.keys()].toSorted();
  for (const binding of bindings) await broker.converge(binding);
  broker.queue.sent.length = 0;
  return { broker, bindings, sweepers };
}

type Broker = ReturnType<typeof memoryBroker>;

function sweepersOf(broker: Broker) {
  let memory: SweepMemory = {};
  return {
    /** The process ends, and its memory with it. */
    restart: () => {
      memory = {};
    },
    /** Sweeps each minute. @returns the bindings that were sent for a drift check */
    minutes: async (count: number, queue: Partial<ConvergeQueue> = {}) => {
      const before = broker.queue.sent.length;
      const ports = {
        ...broker.front,
        queue: { ...broker.front.queue, backlog: async () => 0, ...queue },
      };
      for (let minute = 0; minute < count; minute += 1) {
        broker.clock.advance(60);
        await sweep(ports, memory);
      }
      return broker.queue.sent
        .slice(before)
        .flatMap(({ subject, cause }) => (cause === "drift-check" ? subject : []));
    },
  };
}

describe("The turns of drift checks", () => {
  it("A sweep of each minute sends each lent binding once in five minutes", async () => {
    const { bindings, sweepers } = await lent();
    await sweepers.minutes(5);
    for (let period = 0; period < 4; period += 1)
      expect((await sweepers.minutes(5)).toSorted()).toEqual(bindings);
  });

  it("A turn that could not be sent is taken by the next sweep, and no other is lost", async () => {
    const { bindings, sweepers } = await lent();
    await sweepers.minutes(5);
    const sendOnce = () => Promise.reject(new Error("down"));
    expect(await sweepers.minutes(5, { sendOnce })).toEqual([]);
    expect((await sweepers.minutes(1)).toSorted()).toEqual(bindings);
  });

  it("One failure does not hold up the turns before it", async () => {
    const { broker, bindings, sweepers } = await lent();
    const { sendOnce } = broker.front.queue;
    const asked: string[] = [];
    const failing = async (subject: string, ...rest: readonly [never, string]) => {
      asked.push(subject);
      if (subject === bindings[1]) throw new Error("down");
      await sendOnce(subject, ...rest);
    };
    const first = await sweepers.minutes(1, { sendOnce: failing });
    expect(first).toEqual([bindings[0]]);
    expect(await sweepers.minutes(1)).toEqual([bindings[1]]);
    expect(asked.filter((subject) => bindings.includes(subject))).toEqual(bindings);
  });

  it("A turn that failed is not forgotten where a later one was sent", async () => {
    const { broker, bindings, sweepers } = await lent();
    const { sendOnce } = broker.front.queue;
    const failing: ConvergeQueue["sendOnce"] = async (subject, cause, turn) => {
      if (subject === bindings[0]) throw new Error("down");
      await sendOnce(subject, cause, turn);
    };
    expect(await sweepers.minutes(1, { sendOnce: failing })).toEqual([bindings[1]]);
    expect(await sweepers.minutes(1)).toEqual([bindings[0]]);
  });

  it("Access that begins after quiet minutes is checked once in its first period", async () => {
    const { broker, bindings, sweepers } = await lent(2);
    expect((await sweepers.minutes(5)).toSorted()).toEqual(bindings);
    expect(broker.queue.sent.filter(({ cause }) => cause === "drift-check")).toHaveLength(2);
  });

  it("While messages wait, a sweep takes ten turns, and the next goes on behind them", async () => {
    const { broker, sweepers } = await lent();
    await sweepers.minutes(5);
    const many = Array.from({ length: 25 }, (_, count) => count.toString(16).padStart(2, "0"));
    broker.front.bindings.due = async (_now, _limit, turns) =>
      turns.flatMap((places) =>
        many
          .filter((place) => isAmong(places, place))
          .map((binding) => ({
            kind: "drift-check",
            binding,
            clusterArn: "one",
            isTurn: true as const,
          })),
      );
    sweepers.restart();
    const minute = () => sweepers.minutes(1, { backlog: async () => 1 });
    expect(await minute()).toEqual(many.slice(0, 10));
    expect(await minute()).toEqual(many.slice(10, 20));
    expect(await minute()).toEqual(many.slice(20));
  });

  it("A process that knows nothing sends everybody, of which the queue drops what it has", async () => {
    const { broker, bindings, sweepers } = await lent();
    await sweepers.minutes(5);
    const sent: string[] = [];
    const { sendOnce } = broker.front.queue;
    const counting: ConvergeQueue["sendOnce"] = async (subject, cause, turn) => {
      if (cause === "drift-check") sent.push(`${subject} ${turn}`);
      await sendOnce(subject, cause, turn);
    };
    const before = await sweepers.minutes(5, { sendOnce: counting });
    sweepers.restart();
    broker.clock.advance(-60);
    const again = await sweepers.minutes(1, { sendOnce: counting });
    expect(before.toSorted()).toEqual(bindings);
    expect(again).toEqual([]);
    expect(sent.slice(0, 2).toSorted()).toEqual(sent.slice(2).toSorted());
  });

  it("A binding that ended has no turn any more", async () => {
    const { broker, bindings, sweepers } = await lent();
    await sweepers.minutes(5);
    broker.clock.advance(7_200);
    for (const _ of [1, 2, 3]) {
      for (const binding of bindings) await broker.converge(binding);
      broker.clock.advance(300);
    }
    expect(await sweepers.minutes(10)).toEqual([]);
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import type { Ending } from "../../../../lab/simulation/invocation.ts";
import { FifoQueue, type Received } from "../../../../lab/simulation/network/fifo-queue.ts";
import { seededRandom } from "../../../../lab/simulation/random.ts";
import { VirtualTime } from "../../../../lab/simulation/virtual-time.ts";

const SECOND = 1_000;
const RUN = 8 * SECOND;
const VISIBILITY = 48 * SECOND;

let time: VirtualTime;
/** The messages that were received, in order, with the begin and end of their runs. */
let runs: { readonly received: Received; readonly from: number; to: number; held: boolean }[];
let dead: string[];
beforeEach(() => {
  time = new VirtualTime(0);
  runs = [];
  dead = [];
});

function queueWith(overlap: number, ending: Ending = { kind: "done" }, millis = RUN): FifoQueue {
  return new FifoQueue({
    time,
    random: seededRandom(1),
    visibilitySeconds: VISIBILITY / SECOND,
    receives: 5,
    concurrency: 10,
    isUp: () => true,
    duplicated: () => 0,
    overlap: () => overlap,
    kept: () => undefined,
    dead: (group) => dead.push(group),
    receive: async (received) => {
      const run = { received, from: time.now, to: Number.POSITIVE_INFINITY, held: false };
      runs.push(run);
      await time.delay(millis);
      run.to = time.now;
      run.held = received.holds();
      return ending;
    },
  });
}
const all = () => time.run(() => false);
/** How many runs were under way at most. */
const depth = () =>
  Math.max(
    ...runs.map(({ from }) => runs.filter((run) => run.from <= from && from < run.to).length),
  );

describe("a queue whose runs do not overlap", () => {
  it("without overlaps, a queue delivers one message of a group at a time, and each run holds its own", async () => {
    const queue = queueWith(0);
    for (const id of ["a", "b", "c"]) queue.send("group", id, id);
    await all();
    expect(runs.map(({ received }) => received.body)).toEqual(["a", "b", "c"]);
    expect(runs.map(({ held }) => held)).toEqual([true, true, true]);
    expect(depth()).toBe(1);
  });

  it("a queue takes groups in any order, and the messages of each group in the order they were sent", async () => {
    const queue = queueWith(0);
    const names = Array.from({ length: 30 }, (_, n) => `g${n}`);
    for (const name of names) for (const id of ["1", "2"]) queue.send(name, id, `${name} ${id}`);
    await all();
    const order = runs.map(({ received }) => received.group);
    expect(order.toSorted()).toEqual([...names, ...names].toSorted());
    expect([...new Set(order)]).not.toEqual(names);
    for (const name of names) {
      const own = runs.filter(({ received }) => received.group === name);
      expect(own.map(({ received }) => received.body)).toEqual(["1", "2"]);
    }
    expect(queue.size).toBe(0);
  });
});

describe("a queue whose runs overlap", () => {
  it("with overlaps, a message is delivered again while its run is under way, three runs at most", async () => {
    queueWith(1).send("group", "a", "a");
    await all();
    expect(runs.map(({ received }) => received.body)).toEqual(["a", "a", "a"]);
    expect(depth()).toBe(3);
  });

  it("with overlaps, only the last run to receive a message holds it", async () => {
    const queue = queueWith(1);
    queue.send("group", "a", "a");
    await all();
    expect(runs.map(({ held }) => held)).toEqual([false, false, true]);
    expect(queue.isIdle).toBe(true);
  });

  it("with overlaps, a group's next message waits until the last run has deleted the one before", async () => {
    const queue = queueWith(1);
    for (const id of ["a", "b"]) queue.send("group", id, id);
    await all();
    const bodies = runs.map(({ received }) => received.body);
    const next = bodies.indexOf("b");
    expect(next).toBeGreaterThan(1);
    expect(bodies.lastIndexOf("a")).toBe(next - 1);
    expect(runs[next]?.from).toBe(runs[next - 1]?.to);
  });

  it("a message that failed is delivered again only when its visibility is over", async () => {
    queueWith(1, { kind: "failed", error: new Error("down") }, 1).send("group", "a", "a");
    await all();
    const pauses = runs.slice(1).map(({ from }, at) => from - (runs[at]?.from ?? 0));
    expect(pauses).toEqual([VISIBILITY, VISIBILITY, VISIBILITY, VISIBILITY]);
  });

  it("each receive counts, and the last one makes one dead letter", async () => {
    queueWith(1, { kind: "failed", error: new Error("down") }).send("group", "a", "a");
    await all();
    expect(runs).toHaveLength(5);
    expect(runs.filter(({ received }) => received.last)).toHaveLength(1);
    expect(dead).toEqual(["group"]);
  });
});

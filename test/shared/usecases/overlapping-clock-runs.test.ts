/**
 * A run that a clock starts may happen twice at once: EventBridge delivers at least once, and a
 * small account reserves no concurrency. Each interleaving has the outcome of one run.
 */
import fc, { type Scheduler } from "fast-check";
import { expect, it } from "vitest";
import { PROD, STAGING } from "../../../lab/fakes/builders.ts";
import { interleaved } from "../../../lab/fakes/interleaved.ts";
import { memoryBroker } from "../../../lab/fakes/memory-broker.ts";
import { readStanding } from "../../../shared/usecases/clusters/read-standing.ts";
import { sweep } from "../../../shared/usecases/converge/sweep.ts";
import { archive } from "../../../shared/usecases/evidence/archive.ts";
import { standingWorld } from "./clusters/standing-fixture.ts";
import {
  aChain,
  archiveWorld,
  faultsIn,
  named,
  recordsIn,
  sealsIn,
} from "./evidence/archive-world.ts";

const RUNS = { numRuns: 60 };

/** Plays both to their end, in an order of the scheduler's. */
async function bothWays(scheduler: Scheduler, run: () => Promise<unknown>): Promise<void> {
  const runs = Promise.allSettled([run(), run()]);
  await scheduler.waitFor(runs);
}

it("Two archives at once leave each record once, and each day one valid seal", async () => {
  const hours = (day: string, ...of: readonly number[]) =>
    of.map((hour) => `${day}T${String(hour).padStart(2, "0")}:20:00.000Z`);
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const world = archiveWorld("2026-11-26T01:10:00.000Z", "2026-11-24T20:00:00.000Z");
      world.records.table.push(
        ...aChain("AUDIT#a", hours("2026-11-24", 21, 22)),
        ...aChain("AUDIT#b", [...hours("2026-11-24", 23), ...hours("2026-11-25", 1, 2)]),
      );
      const slow = {
        ...world.ports,
        store: interleaved(scheduler, world.ports.store),
        records: interleaved(scheduler, world.ports.records),
        signer: interleaved(scheduler, world.ports.signer),
      };
      await bothWays(scheduler, () => archive(slow, () => false));
      await world.run();
      expect(named(recordsIn(world.store))).toEqual(named(world.records.table));
      expect(sealsIn(world.store).map(({ seal }) => seal.day)).toEqual([
        ...["2026-11-24", "2026-11-25"],
      ]);
      expect(faultsIn(world)).toEqual([]);
    }),
    RUNS,
  );
});

it("Two readings of standing access at once list every entry once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const world = standingWorld(4);
      const slow = {
        ...world.ports,
        store: interleaved(scheduler, world.ports.store),
        reader: interleaved(scheduler, world.ports.reader),
      };
      const run = { log: () => undefined, isTimeUp: () => false };
      await bothWays(scheduler, () => readStanding(slow, run));
      await world.run();
      for (const [cluster, entries] of [
        [PROD, 4],
        [STAGING, 0],
      ] as const) {
        expect(await world.listed(cluster.arn)).toHaveLength(entries);
        expect((await world.store.load(cluster.arn))?.complete).toMatchObject({ read: entries });
      }
    }),
    RUNS,
  );
});

it("Two sweeps at once send a binding once, and lapse a request once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const broker = memoryBroker();
      const grant = await broker.activeGrant();
      const unanswered = await broker.ask();
      broker.clock.set(unanswered.lapsesAt);
      const sent = broker.front.queue.sendOnce;
      const sends: string[] = [];
      const slow = {
        ...broker.front,
        bindings: interleaved(scheduler, broker.front.bindings),
        requests: interleaved(scheduler, broker.front.requests),
        queue: {
          ...broker.front.queue,
          sendOnce: scheduler.scheduleFunction(
            async (binding: string, ...more: [never, string]) => {
              sends.push(`${binding} ${more[1]}`);
              await sent(binding, ...more);
            },
          ),
        },
      };
      await bothWays(scheduler, () => sweep(slow, {}));
      // The queue drops the second of a turn.
      expect(new Set(sends).size * 2).toBe(sends.length);
      const history = await broker.history(unanswered);
      expect(history.filter(({ type }) => type === "lapse")).toHaveLength(1);
      await broker.settle(600);
      expect(await broker.states(grant)).toEqual(["ended"]);
    }),
    RUNS,
  );
});

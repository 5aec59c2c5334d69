import fc from "fast-check";
import { expect, it } from "vitest";
import { archive } from "../../../../shared/usecases/evidence/archive.ts";
import {
  type ArchiveWorld,
  aChain,
  archiveWorld,
  faultsIn,
  named,
  recordsIn,
  sealsIn,
} from "./archive-world.ts";

const START = "2026-11-24T21:10:00.000Z";

/** Ports that crash at one call: before it happens, or after it with the answer lost. */
function crashing({ ports }: ArchiveWorld, call: number, happens: boolean) {
  let calls = 0;
  const struck =
    <Args extends readonly unknown[], Answer>(of: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      calls += 1;
      if (calls !== call) return of(...args);
      if (happens) await of(...args);
      throw new Error("crashed");
    };
  const { store, signer, records } = ports;
  return {
    ...ports,
    store: { put: struck(store.put), read: struck(store.read), list: struck(store.list) },
    signer: { key: struck(signer.key), sign: struck(signer.sign) },
    records: {
      since: struck(records.since),
      find: struck(records.find),
      async *ofHour(hour: string) {
        await struck(async () => undefined)();
        yield* records.ofHour(hour);
      },
    },
  };
}

const minute = fc.integer({ min: 0, max: 60 * 30 - 1 });
const instant = (minutes: number) =>
  new Date(Date.parse("2026-11-24T20:00:00.000Z") + minutes * 60_000).toISOString();
const table = fc
  .array(fc.array(minute, { minLength: 1, maxLength: 4 }), { maxLength: 4 })
  .map((chains) =>
    chains.flatMap((minutes, of) =>
      aChain(`AUDIT#r${of}`, minutes.toSorted((a, b) => a - b).map(instant)),
    ),
  );
const crash = fc.record({ call: fc.integer({ min: 1, max: 60 }), happens: fc.boolean() });

it("After crashes at any call, the archive has each record once, and each day one valid seal", async () => {
  await fc.assert(
    fc.asyncProperty(table, fc.array(crash, { maxLength: 12 }), async (records, crashes) => {
      const world = archiveWorld(START);
      const left = [...crashes];
      while (world.clock.now() < "2026-11-26T03:00:00.000Z") {
        world.records.table.length = 0;
        world.records.table.push(...records.filter(({ record }) => record.at < world.clock.now()));
        const next = left.shift();
        const ports = next ? crashing(world, next.call, next.happens) : world.ports;
        await archive(ports, () => false).catch((error: unknown) => {
          if (!(error instanceof Error && error.message === "crashed")) throw error;
        });
        world.clock.advance(3_600);
      }
      expect(named(recordsIn(world.store))).toEqual(named(world.records.table));
      expect(sealsIn(world.store).map(({ seal }) => seal.day)).toEqual([
        ...["2026-11-23", "2026-11-24", "2026-11-25"],
      ]);
      expect(faultsIn(world)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

import { describe, expect, it } from "vitest";
import { READ_CASES, type ReadCase, WRITE_CASES } from "./read-cases.ts";
import { type AllStores, READ_PROMISES, type ReadPromise } from "./read-promises.ts";

/** Every method with its promise, as `store.method`. */
const promised: readonly (readonly [string, ReadPromise])[] = Object.entries(READ_PROMISES).flatMap(
  ([name, methods]) =>
    Object.entries(methods).map(([method, promise]) => [`${name}.${method}`, promise] as const),
);
const promiseOf = new Map(promised);

const named = (promise: ReadPromise): readonly ReadCase[] =>
  READ_CASES.filter(({ read }) => promiseOf.get(read) === promise);

/**
 * The promises of every set of stores about its reads. `make` returns empty ones, over tables whose
 * reads lag wherever they may. A read that is not consistent then shows the state before the last
 * write.
 */
export function consistentReadsContract(name: string, make: () => Promise<AllStores>) {
  describe(`${name}: reads after writes`, () => {
    it.each(named("latest"))("$read shows the last write", async ({ given, write, see }) => {
      const stores = await make();
      await given?.(stores);
      const before = await see(stores);
      await write(stores);
      expect(await see(stores)).not.toEqual(before);
    });

    it.each(named("may lag"))("$read may miss the last write", async ({ write, see }) => {
      const stores = await make();
      const before = await see(stores);
      await write(stores);
      expect(await see(stores)).toEqual(before);
    });

    it.each(WRITE_CASES)("$write sees what was written before it", async ({ happens }) => {
      await happens(await make());
    });
  });
}

/** Fakes whose reads lag where their port allows it. */
import {
  type AllStores,
  READ_PROMISES,
  type ReadPromise,
} from "../../test/contracts/read-promises.ts";

type Call = (...input: readonly unknown[]) => Promise<unknown>;
type Methods = Readonly<Record<string, Call>>;

/**
 * The stores, with every read that may lag answered as before the last write. A second set of the same fakes gets each
 * write once the next one has happened. A write that was refused changes neither.
 *
 * @param behind fakes of the same kind, as empty as `stores`
 */
export function laggingReads(stores: AllStores, behind: AllStores): AllStores {
  let last: (() => Promise<unknown>) | undefined;
  const wrapped = (name: keyof AllStores) => {
    const [live, past] = [stores[name], behind[name]] as unknown as readonly [Methods, Methods];
    const promises: Readonly<Record<string, ReadPromise>> = READ_PROMISES[name];
    const methods = Object.keys(promises).map((method) => {
      const [now, before] = [live[method], past[method]];
      if (!now || !before) throw new Error(`The fake ${name} lacks ${method}.`);
      if (promises[method] === "latest") return [method, now] as const;
      if (promises[method] === "may lag") return [method, before] as const;
      const write: Call = async (...input) => {
        const answer = await now(...input);
        await last?.();
        last = () => before(...input);
        return answer;
      };
      return [method, write] as const;
    });
    return [name, { ...live, ...Object.fromEntries(methods) }] as const;
  };
  const names = Object.keys(READ_PROMISES) as (keyof AllStores)[];
  return Object.fromEntries(names.map(wrapped)) as unknown as AllStores;
}

/** The calls that runs were about to make, as they stored them: only converge can write them. Pure. */
import type { CallIntent, IntendedCall } from "../evidence/calls/call-intent.ts";
import { type ElementSet, EMPTY, minus, unionOf } from "../values/element-set.ts";
import type { Reading } from "./actual-entry.ts";
import { type Lag, later, visibleFrom } from "./lag.ts";

/** Intents that runs stored before their calls. */
export interface StoredIntents {
  /** By id: the grants that calls were about to serve. */
  readonly served: ReadonlyMap<string, Served>;
  /** By target: the elements that calls carried, other than its owner's. */
  readonly carried: ByTarget;
  /** By target: the elements of its owner, as the newest call knew them. */
  readonly owners: ByTarget;
}

/** A grant that calls were about to serve. */
export interface Served {
  /** When the last of them has landed at the latest. */
  readonly until: string;
  /** By target: the elements that it asked for, where the calls say so. */
  readonly asked: ByTarget;
  /** By target: the elements that other calls for it carried, other than its owner's. It lent no more than them. */
  readonly carried: ByTarget;
}

export type ByTarget = Readonly<Record<string, ElementSet>>;

/** @param intents newest first: the newest call that carries an element says whether it was its owner's */
export function storedIntents(intents: readonly CallIntent[]): StoredIntents {
  const seen: Record<string, ElementSet> = {};
  const carried: Record<string, ElementSet> = {};
  const owners: Record<string, ElementSet> = {};
  for (const intent of intents)
    for (const { target, elements } of intent.calls) {
      if (target === null) continue;
      const theirs = intent.owners[target] ?? EMPTY;
      owners[target] ??= theirs;
      const fresh = minus(elements, seen[target] ?? EMPTY);
      seen[target] = unionOf(seen[target] ?? EMPTY, elements);
      carried[target] = unionOf(carried[target] ?? EMPTY, minus(fresh, theirs));
    }
  return { served: servedBy(intents), carried, owners };
}

function servedBy(intents: readonly CallIntent[]): ReadonlyMap<string, Served> {
  const served = new Map<string, Served>();
  for (const { calls, until, owners } of intents)
    for (const call of calls)
      for (const id of call.requestIds) {
        const before = served.get(id) ?? { until, asked: {}, carried: {} };
        served.set(id, {
          ...withCall(before, call, owners, id),
          until: later(before.until, until),
        });
      }
  return served;
}

function withCall(
  before: Served,
  { target, elements, asked }: IntendedCall,
  owners: CallIntent["owners"],
  id: string,
): Served {
  if (target === null) return before;
  const own = asked?.[id];
  const lent = own ?? minus(elements, owners[target] ?? EMPTY);
  const kind = own ? "asked" : "carried";
  return { ...before, [kind]: withTarget(before[kind], target, lent) };
}

const withTarget = (sum: ByTarget, target: string, elements: ElementSet): ByTarget => ({
  ...sum,
  [target]: unionOf(sum[target] ?? EMPTY, elements),
});

/** Ids of grants that a stored call was to serve, whose access a read need not have shown yet. */
export const unshownIn = (
  { served }: { readonly served: ReadonlyMap<string, Pick<Served, "until">> },
  reading: Reading | undefined,
  lag: Lag,
): ReadonlySet<string> =>
  new Set(
    [...served].flatMap(([id, { until }]) =>
      reading && visibleFrom(until, lag) <= reading.begunAt ? [] : id,
    ),
  );

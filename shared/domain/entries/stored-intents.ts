/** The calls that runs were about to make, as they stored them: only converge can write them. Pure. */
import type { CallIntent } from "../evidence/calls/call-intent.ts";
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
  /** By target: the elements that they carried, its owner's included. */
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
  for (const { calls, until } of intents)
    for (const { target, elements, requestIds } of calls)
      for (const id of requestIds) {
        const before = served.get(id) ?? { until, carried: {} };
        const carried =
          target === null ? {} : { [target]: unionOf(before.carried[target] ?? EMPTY, elements) };
        served.set(id, {
          until: later(before.until, until),
          carried: { ...before.carried, ...carried },
        });
      }
  return served;
}

/** Ids of grants that a stored call was to serve, whose access a read need not have shown yet. */
export const unshownIn = (
  { served }: Pick<StoredIntents, "served">,
  reading: Reading | undefined,
  lag: Lag,
): ReadonlySet<string> =>
  new Set(
    [...served].flatMap(([id, { until }]) =>
      reading && visibleFrom(until, lag) <= reading.begunAt ? [] : id,
    ),
  );

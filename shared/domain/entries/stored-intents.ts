/** The calls that runs were about to make, as they stored them: only converge can write them. Pure. */
import type { CallIntent } from "../evidence/calls/call-intent.ts";
import { type ElementSet, EMPTY, minus, unionOf } from "../values/element-set.ts";
import type { Reading } from "./actual-entry.ts";
import { type Lag, later, visibleFrom } from "./lag.ts";

/** Intents that runs stored before their calls. */
export interface StoredIntents {
  /** By id of a grant that calls were about to serve: when the last of them has landed at the latest. */
  readonly served: ReadonlyMap<string, string>;
  /** By target: the elements that calls carried, other than its owner's. */
  readonly carried: ByTarget;
  /** By target: the elements of its owner, as the newest call knew them. */
  readonly owners: ByTarget;
}

type ByTarget = Readonly<Record<string, ElementSet>>;

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
  const served = new Map<string, string>();
  for (const { calls, until } of intents)
    for (const id of calls.flatMap(({ requestIds }) => requestIds))
      served.set(id, later(served.get(id) ?? until, until));
  return { served, carried, owners };
}

/** Ids of grants that a stored call was to serve, whose access a read need not have shown yet. */
export const unshownIn = (
  { served }: Pick<StoredIntents, "served">,
  reading: Reading | undefined,
  lag: Lag,
): ReadonlySet<string> =>
  new Set(
    [...served].flatMap(([id, until]) =>
      reading && visibleFrom(until, lag) <= reading.begunAt ? [] : id,
    ),
  );

import type { DueItem } from "../ports/binding-store.ts";

export interface Dated {
  readonly at: string;
  readonly item: DueItem;
}

/** What comes before what: whoever has access for too long, then whoever waits, then the rest. */
const CLASS: Readonly<Record<DueItem["kind"], number>> = {
  removal: 0,
  confirmation: 1,
  addition: 2,
  lapse: 2,
  "drift-check": 3,
};

/**
 * So much of a sweep is drift checks, where some are due, whatever work there is: what one cluster
 * has to do while it is down does not hide changes on another.
 */
const LEAST_DRIFT_CHECKS = 0.1;

/**
 * Up to `limit` items: removals, confirmations, additions and lapses, then drift checks; each class
 * in turn over clusters. A binding that is due for several things is in the first of their classes.
 */
export function takeByKind(due: readonly Dated[], limit: number): readonly DueItem[] {
  const byClass = due.toSorted((a, b) => CLASS[a.item.kind] - CLASS[b.item.kind]);
  const taken = new Set<string>();
  const once = byClass.filter(({ item }) => {
    if (!("binding" in item)) return true;
    if (taken.has(item.binding)) return false;
    taken.add(item.binding);
    return true;
  });
  const [work, driftChecks] = [
    once.filter(({ item }) => item.kind !== "drift-check"),
    once.filter(({ item }) => item.kind === "drift-check"),
  ];
  const kept = Math.min(driftChecks.length, Math.floor(limit * LEAST_DRIFT_CHECKS));
  const classes = [...Map.groupBy(work, ({ item }) => CLASS[item.kind]).values()];
  const first = classes.flatMap(inTurn).slice(0, limit - kept);
  return [...first, ...inTurn(driftChecks).slice(0, limit - first.length)];
}

/**
 * Items in turn over clusters, longest due first within each: one cluster that is down, and has
 * everything due, does not keep another from its turn. Lapses are a lane of their own.
 */
function inTurn(items: readonly Dated[]): readonly DueItem[] {
  const byAge = items.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const lanes = [
    ...Map.groupBy(byAge, ({ item }) => ("clusterArn" in item ? item.clusterArn : "")).values(),
  ];
  const longest = Math.max(0, ...lanes.map((lane) => lane.length));
  return Array.from({ length: longest }, (_, turn) => lanes.flatMap((lane) => lane[turn] ?? []))
    .flat()
    .map(({ item }) => item);
}

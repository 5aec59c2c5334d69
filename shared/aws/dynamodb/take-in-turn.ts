import type { DueItem } from "../../ports/binding-store.ts";

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
 * So much of a sweep is of a class at least, where some of it is due: what one cluster has to do
 * while it is down hides neither ends nor changes on another.
 */
const LEAST: readonly number[] = [0, 0.4, 0, 0.1];

/**
 * Up to `limit` items: removals, confirmations, additions and lapses, then drift checks; each class
 * in turn over clusters. A binding that is due for several things is in the first of their classes.
 */
export function takeByKind(due: readonly Dated[], limit: number): readonly DueItem[] {
  const byClass = due.toSorted((a, b) => CLASS[a.item.kind] - CLASS[b.item.kind]);
  const seen = new Set<string>();
  const once = byClass.filter(({ item }) => {
    if (!("binding" in item)) return true;
    if (seen.has(item.binding)) return false;
    seen.add(item.binding);
    return true;
  });
  const classes = LEAST.map((_, at) => inTurn(once.filter(({ item }) => CLASS[item.kind] === at)));
  const kept = classes.map(({ length }, at) =>
    Math.min(length, Math.floor(limit * (LEAST[at] ?? 0))),
  );
  const taken: DueItem[] = [];
  for (const [at, items] of classes.entries()) {
    const keptForLater = kept.slice(at + 1).reduce((sum, count) => sum + count, 0);
    taken.push(...items.slice(0, Math.max(0, limit - taken.length - keptForLater)));
  }
  return taken;
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

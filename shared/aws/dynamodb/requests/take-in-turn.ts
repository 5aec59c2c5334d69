import type { DueItem } from "../../../ports/binding-store.ts";

export interface Dated {
  readonly at: string;
  readonly item: DueItem;
}

/** The order of kinds: access that must go, then people who wait, then the rest. */
const CLASS: Readonly<Record<DueItem["kind"], number>> = {
  removal: 0,
  confirmation: 1,
  addition: 2,
  lapse: 2,
  "drift-check": 3,
};

/**
 * The least share of a sweep for each class that has due items. A cluster that is down then cannot
 * hide ends and changes on another.
 */
const LEAST: readonly number[] = [0, 0.4, 0.05, 0.1];

/**
 * Up to `limit` items: removals, confirmations, additions and lapses, then drift checks. Each class
 * alternates between clusters. A binding that is due for several things counts in the first class.
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
 * Items alternating between clusters, longest due first within each. A cluster that is down, with
 * everything due, then cannot delay another. Lapses count as one cluster, and so do turns.
 */
function inTurn(items: readonly Dated[]): readonly DueItem[] {
  const byAge = items.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const lanes = [...Map.groupBy(byAge, ({ item }) => laneOf(item)).values()];
  const longest = Math.max(0, ...lanes.map((lane) => lane.length));
  return Array.from({ length: longest }, (_, turn) => lanes.flatMap((lane) => lane[turn] ?? []))
    .flat()
    .map(({ item }) => item);
}

/** Turns come in their own order, which is that of hashes, whatever their clusters. */
const laneOf = (item: DueItem): string =>
  item.kind === "lapse" || (item.kind === "drift-check" && item.isTurn)
    ? item.kind
    : item.clusterArn;

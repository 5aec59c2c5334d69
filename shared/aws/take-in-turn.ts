import type { DueItem } from "../ports/binding-store.ts";

export interface Dated {
  readonly at: string;
  readonly item: DueItem;
}

/**
 * The first `limit` items in turn over clusters, longest due first within each: one cluster that
 * is down, and has everything due, keeps no other from its turn. Lapses are a lane of their own.
 */
export function takeInTurn(items: readonly Dated[], limit: number): readonly DueItem[] {
  const byAge = items.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const lanes = [
    ...Map.groupBy(byAge, ({ item }) => (item.kind === "binding" ? item.clusterArn : "")).values(),
  ];
  const longest = Math.max(0, ...lanes.map((lane) => lane.length));
  return Array.from({ length: longest }, (_, turn) => lanes.flatMap((lane) => lane[turn] ?? []))
    .flat()
    .slice(0, limit)
    .map(({ item }) => item);
}

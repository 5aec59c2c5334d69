import type { DueItem } from "../ports/binding-store.ts";

export interface Dated {
  readonly at: string;
  readonly item: DueItem;
}

/**
 * So much of a sweep is looks, where some are due, whatever work there is: what one cluster has to
 * do while it is down keeps no other's changes from being found.
 */
const LEAST_LOOKS = 0.1;

/** Work, then looks, each in turn over clusters, up to `limit`; no look where there is work. */
export function workBeforeLooks(
  work: readonly Dated[],
  looks: readonly Dated[],
  limit: number,
): readonly DueItem[] {
  const busy = new Set(work.flatMap(({ item }) => ("binding" in item ? item.binding : [])));
  const idle = looks.filter(({ item }) => !("binding" in item && busy.has(item.binding)));
  const kept = Math.min(idle.length, Math.floor(limit * LEAST_LOOKS));
  const first = takeInTurn(work, limit - kept);
  return [...first, ...takeInTurn(idle, limit - first.length)];
}

/**
 * The first `limit` items in turn over clusters, longest due first within each: one cluster that
 * is down, and has everything due, keeps no other from its turn. Lapses are a lane of their own.
 */
function takeInTurn(items: readonly Dated[], limit: number): readonly DueItem[] {
  const byAge = items.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const lanes = [
    ...Map.groupBy(byAge, ({ item }) => ("clusterArn" in item ? item.clusterArn : "")).values(),
  ];
  const longest = Math.max(0, ...lanes.map((lane) => lane.length));
  return Array.from({ length: longest }, (_, turn) => lanes.flatMap((lane) => lane[turn] ?? []))
    .flat()
    .slice(0, limit)
    .map(({ item }) => item);
}

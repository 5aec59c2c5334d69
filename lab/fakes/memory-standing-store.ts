import { type StandingEntry, standingOrder } from "../../shared/domain/standing/standing-entry.ts";
import { KEPT_SECONDS, type StandingRecord } from "../../shared/domain/standing/standing-record.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { StandingStore } from "../../shared/ports/standing-store.ts";

/** Stores reads of entries in memory. @param now if given, entries that are a week old are gone */
export function memoryStandingStore(now?: () => string): StandingStore {
  const records = new Map<string, StandingRecord>();
  const passes = new Map<string, Map<string, StandingEntry>>();
  const placeOf = (entry: StandingEntry) => `${standingOrder(entry)}#${entry.principalArn}`;
  const isKept = ({ readAt }: StandingEntry) =>
    now === undefined || now() < plusSeconds(readAt, KEPT_SECONDS);
  return {
    load: async (clusterArn) => records.get(clusterArn),
    save: async (record) => {
      records.set(record.clusterArn, record);
    },
    put: async (clusterArn, passId, entry) => {
      const key = `${clusterArn} ${passId}`;
      passes.set(key, new Map([...(passes.get(key) ?? []), [placeOf(entry), entry]]));
    },
    async *all(clusterArn, passId) {
      const all = [...(passes.get(`${clusterArn} ${passId}`) ?? [])];
      yield* all
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([, entry]) => (isKept(entry) ? [entry] : []));
    },
    entryOf: async (clusterArn, passId, principalArn) =>
      [...(passes.get(`${clusterArn} ${passId}`) ?? new Map<string, StandingEntry>()).values()]
        .filter((entry) => entry.principalArn === principalArn && isKept(entry))
        .toSorted((a, b) => (a.readAt < b.readAt ? 1 : -1))[0],
    entries: async (clusterArn, passId, { limit, after }) => {
      const all = [...(passes.get(`${clusterArn} ${passId}`) ?? [])]
        .filter(([place, entry]) => isKept(entry) && (after === undefined || place > after))
        .sort(([a], [b]) => (a < b ? -1 : 1));
      const page = all.slice(0, limit);
      const last = page.at(-1)?.[0];
      return {
        items: page.map(([, entry]) => entry),
        ...(all.length > limit && last !== undefined ? { next: last } : {}),
      };
    },
  };
}

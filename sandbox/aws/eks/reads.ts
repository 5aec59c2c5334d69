/**
 * What calls see of clusters and access entries, which can be the past. EKS calls access entries
 * eventually consistent and gives no bound (EKS User Guide, "Create access entries").
 */
import { LONGEST_MILLISECONDS } from "../fault-kinds.ts";
import { instantSeen, isFresh, past, type ReadLag, rememberedStore } from "../past.ts";
import type { Call } from "../service.ts";
import type { Store } from "../store.ts";
import { entryNotFound } from "./errors.ts";
import { ownValue } from "./own-value.ts";
import { settle, settledState } from "./settle.ts";
import type { AccessEntry, Cluster, EksState } from "./state.ts";

export interface EksReads {
  /** The true state. Changes through this store are remembered. */
  readonly eks: Store<EksState>;
  /**
   * A state with the named cluster as this call sees it, and in it that principal's entry, or all
   * of them. The cluster and each entry show instants of their own.
   */
  state(call: Call, clusterName: string, principalArn?: string): EksState;
  /** The entry by which this call is judged; undefined where the call sees none. */
  entry(call: Call, clusterName: string, principalArn: string): AccessEntry | undefined;
  /**
   * The entry that a change applies to: the true one. Where `seen` is gone by now, EKS may notice
   * or not: either it answers 404, or the change is made to `seen`, a copy, and has no effect.
   * @param seen what `entry` answered
   * @throws AwsError ResourceNotFoundException
   */
  target(seen: AccessEntry | undefined, cluster: Cluster, principalArn: string): AccessEntry;
}

type KeptCluster = Omit<Cluster, "entries">;

const entryKey = (clusterName: string, principalArn: string) => `${clusterName} ${principalArn}`;

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one closure over what is remembered; each read in it is short.
export function eksReads(store: Store<EksState>, lag: ReadLag): EksReads {
  const clusters = past<KeptCluster>(LONGEST_MILLISECONDS);
  const entries = past<AccessEntry>(LONGEST_MILLISECONDS);
  const remember = () => {
    const all = Object.values(store.state.clusters);
    const at = lag.now();
    clusters.note(at, new Map(all.map(({ entries: _, ...cluster }) => [cluster.name, cluster])));
    entries.note(at, new Map(all.flatMap(entriesByKey)));
  };
  const eks = rememberedStore(store, remember);
  remember();

  const state: EksReads["state"] = (call, clusterName, principalArn) => {
    if (isFresh(call, lag)) return settledState(eks, call.now);
    // A cluster's API settles the state as well, past this store.
    remember();
    const at = instantSeen(call, lag);
    const cluster = clusters.at(clusterName, at);
    if (cluster === undefined) return { ...store.state, clusters: {} };
    const keys =
      principalArn === undefined
        ? entries.keys().filter((key) => key.startsWith(entryKey(clusterName, "")))
        : [entryKey(clusterName, principalArn)];
    const seen = keys.flatMap((key) => entries.at(key, instantSeen(call, lag)) ?? []);
    const byPrincipal = Object.fromEntries(seen.map((entry) => [entry.principalArn, entry]));
    const view = {
      ...store.state,
      clusters: { [clusterName]: { ...cluster, entries: byPrincipal } },
    };
    settle(view, new Date(at));
    return view;
  };

  const entry: EksReads["entry"] = (call, clusterName, principalArn) => {
    const cluster = isFresh(call, lag) ? ownValue(store.state.clusters, clusterName) : undefined;
    if (cluster !== undefined) return ownValue(cluster.entries, principalArn);
    remember();
    return entries.at(entryKey(clusterName, principalArn), instantSeen(call, lag));
  };

  return {
    eks,
    state,
    entry,
    target(seen, cluster, principalArn) {
      if (seen === undefined) throw entryNotFound();
      const entry = ownValue(cluster.entries, principalArn);
      if (entry === undefined && lag.random() < 0.5) throw entryNotFound();
      return entry ?? seen;
    },
  };
}

function entriesByKey({ name, entries }: Cluster): readonly (readonly [string, AccessEntry])[] {
  return Object.values(entries).map((entry) => [entryKey(name, entry.principalArn), entry]);
}

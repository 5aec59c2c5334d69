/**
 * The state of clusters and access entries that calls see, which can be in the past. EKS calls
 * access entries eventually consistent and gives no bound (EKS User Guide, "Create access
 * entries").
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
   * The named cluster as this call sees it, with that principal's entry, or all entries. The
   * cluster and each entry show instants of their own.
   */
  state(call: Call, clusterName: string, principalArn?: string): EksState;
  /** The entry by which this call is judged; undefined where the call sees none. */
  entry(call: Call, clusterName: string, principalArn: string): AccessEntry | undefined;
  /**
   * The entry that a change applies to: the true one. If `seen` was deleted meanwhile, EKS may
   * answer 404. Or the change is made to `seen`, a copy, and has no effect.
   * @param seen the answer of `entry`
   * @throws AwsError ResourceNotFoundException
   */
  target(seen: AccessEntry | undefined, cluster: Cluster, principalArn: string): AccessEntry;
}

type KeptCluster = Omit<Cluster, "entries">;

const entryKey = (clusterName: string, principalArn: string) => `${clusterName} ${principalArn}`;

export function eksReads(store: Store<EksState>, lag: ReadLag): EksReads {
  return new RememberedReads(store, lag);
}

class RememberedReads implements EksReads {
  readonly eks: Store<EksState>;
  readonly #store: Store<EksState>;
  readonly #lag: ReadLag;
  readonly #clusters = past<KeptCluster>(LONGEST_MILLISECONDS);
  readonly #entries = past<AccessEntry>(LONGEST_MILLISECONDS);

  constructor(store: Store<EksState>, lag: ReadLag) {
    this.#store = store;
    this.#lag = lag;
    this.eks = rememberedStore(store, () => this.#remember());
    this.#remember();
  }

  state(call: Call, clusterName: string, principalArn?: string): EksState {
    if (isFresh(call, this.#lag)) return settledState(this.eks, call.now);
    // A cluster's API settles the state as well, without this store.
    this.#remember();
    const at = instantSeen(call, this.#lag);
    const cluster = this.#clusters.at(clusterName, at);
    if (cluster === undefined) return { ...this.#store.state, clusters: {} };
    const keys =
      principalArn === undefined
        ? this.#entries.keys().filter((key) => key.startsWith(entryKey(clusterName, "")))
        : [entryKey(clusterName, principalArn)];
    const seen = keys.flatMap((key) => this.#entries.at(key, instantSeen(call, this.#lag)) ?? []);
    const entries = Object.fromEntries(seen.map((entry) => [entry.principalArn, entry]));
    const view = { ...this.#store.state, clusters: { [clusterName]: { ...cluster, entries } } };
    settle(view, new Date(at));
    return view;
  }

  entry(call: Call, clusterName: string, principalArn: string): AccessEntry | undefined {
    const cluster = isFresh(call, this.#lag)
      ? ownValue(this.#store.state.clusters, clusterName)
      : undefined;
    if (cluster !== undefined) return ownValue(cluster.entries, principalArn);
    this.#remember();
    return this.#entries.at(entryKey(clusterName, principalArn), instantSeen(call, this.#lag));
  }

  target(seen: AccessEntry | undefined, cluster: Cluster, principalArn: string): AccessEntry {
    if (seen === undefined) throw entryNotFound();
    const entry = ownValue(cluster.entries, principalArn);
    if (entry === undefined && this.#lag.random() < 0.5) throw entryNotFound();
    return entry ?? seen;
  }

  #remember(): void {
    const all = Object.values(this.#store.state.clusters);
    const at = this.#lag.now();
    this.#clusters.note(
      at,
      new Map(all.map(({ entries: _, ...cluster }) => [cluster.name, cluster])),
    );
    this.#entries.note(at, new Map(all.flatMap(entriesByKey)));
  }
}

function entriesByKey({ name, entries }: Cluster): readonly (readonly [string, AccessEntry])[] {
  return Object.values(entries).map((entry) => [entryKey(name, entry.principalArn), entry]);
}

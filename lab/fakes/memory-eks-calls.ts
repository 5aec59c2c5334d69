/** Calls to the EKS in memory: what each sees, how it fails, and its record. */

import type { AuthenticationMode } from "../../shared/domain/clusters/cluster-facts.ts";
import type { ActualEntry } from "../../shared/domain/entries/actual-entry.ts";
import type { CallAnswer, CallRecord } from "../../shared/domain/requests/evidence.ts";
import type { ClusterArn } from "../../shared/domain/values/arn.ts";
import {
  CallFailed,
  type CallSession,
  type EntryAddress,
  type Failure,
} from "../../shared/ports/access-entries.ts";
import { arnOf, placeOf } from "./eks-names.ts";
import { hadKey, PastMap } from "./past-map.ts";

/** How a call fails. `applied`: whether it still takes effect, now or later. */
export interface CallFault {
  readonly failure: Failure;
  readonly code: string;
  readonly applied?: "no" | "yes" | "later";
  /** Whether the adapter makes the call again, as it does where EKS was busy or found no new entry yet. */
  readonly isRetried?: true;
}

/** A call as it arrives, before it has any effect. */
export interface ArrivingCall {
  readonly operation: string;
  readonly address: EntryAddress;
  readonly session: CallSession;
}

export interface MemoryAccessEntriesOptions {
  readonly now: () => string;
  /** By ARN: the principals that IAM knows, with their unique ids. A PastMap makes them lag too. */
  readonly principals: ReadonlyMap<string, string>;
  /** ARNs of the existing clusters, as keys. A PastMap makes them lag too. */
  readonly clusters: ReadonlySet<string> | ReadonlyMap<string, unknown>;
  /** By ARN: when a principal or cluster was created, where that matters. */
  readonly createdAt?: ReadonlyMap<string, string>;
  /** By ARN: the clusters' authentication modes, if not `API`. */
  readonly modes?: ReadonlyMap<string, AuthenticationMode>;
  /** Called before every call that reaches AWS. */
  readonly fault?: (call: ArrivingCall) => CallFault | undefined;
  /** How old the state is that a call sees, in milliseconds; `lag` by default. */
  readonly view?: (call: ArrivingCall) => number;
}

/**
 * How stale the state is that each kind of call sees, in milliseconds; 0 by default. EKS calls
 * access entries eventually consistent and gives no figure.
 * https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 */
export interface ReadLag {
  readonly describe?: number;
  readonly list?: number;
  /** For changes: the state that EKS checks them against. They are applied to the real one. */
  readonly judge?: number;
  readonly principal?: number;
  readonly cluster?: number;
}

const KIND: Readonly<Record<string, keyof ReadLag>> = {
  DescribeAccessEntry: "describe",
  ListAssociatedAccessPolicies: "list",
  GetRole: "principal",
  DescribeCluster: "cluster",
};

/** The entry that a change sees, and the real one. */
export interface Found {
  readonly seen: ActualEntry | undefined;
  readonly there: ActualEntry | undefined;
}

/** @returns the answer that a change gets; it throws EKS's refusal, which a late change drops */
type Perform = (found: Found, moment: number) => string;

export class MemoryEksCalls {
  readonly entries: PastMap<ActualEntry>;
  /** All changes that were called, whatever their result, oldest first. */
  readonly changes: CallRecord[] = [];
  lag: ReadLag = {};
  readonly #options: MemoryAccessEntriesOptions;
  readonly #late: (() => void)[] = [];
  #requestIds = 0;

  constructor(options: MemoryAccessEntriesOptions) {
    this.#options = options;
    this.entries = new PastMap<ActualEntry>(options.now);
  }

  failed(call: ArrivingCall, failure: Failure, code: string, detail: string): CallFailed {
    const record = this.#recordOf(call, code);
    return new CallFailed(failure, code, `${call.operation}: ${detail}`, record);
  }

  /** The time whose state a call sees, in milliseconds. */
  momentOf(call: ArrivingCall): number {
    const { now, view } = this.#options;
    const age = view?.(call) ?? this.lag[KIND[call.operation] ?? "judge"] ?? 0;
    return Date.parse(now()) - age;
  }

  isCluster(cluster: ClusterArn, moment: number): boolean {
    return hadKey(this.#options.clusters, arnOf(cluster), moment);
  }

  checkCluster(call: ArrivingCall, moment: number): void {
    const { cluster } = call.address;
    if (this.isCluster(cluster, moment)) return;
    const detail = `No cluster found for name: ${cluster.name}.`;
    throw this.failed(call, "refused", "ClusterNotFound", detail);
  }

  throwFault(call: ArrivingCall): void {
    const fault = this.#options.fault?.(call);
    if (fault) throw this.failed(call, fault.failure, fault.code, "fault");
  }

  /** The entry as one of the two read calls sees it. */
  seenBy(call: ArrivingCall): ActualEntry | undefined {
    const moment = this.momentOf(call);
    this.checkCluster(call, moment);
    return this.entries.asOf(placeOf(call.address), moment);
  }

  /** Makes a change, unless a fault strikes it. */
  change(call: ArrivingCall, perform: Perform): CallAnswer {
    const fault = this.#options.fault?.(call);
    if (fault && !fault.isRetried) throw this.#struck(call, perform, fault);
    const earlier = fault ? [this.#struck(call, perform, fault).record] : [];
    try {
      const last = this.#recordOf(call, this.#applied(call, perform));
      const record = earlier.length > 0 ? { ...last, earlier } : last;
      this.changes.push(record);
      return record;
    } catch (error) {
      if (error instanceof CallFailed) this.changes.push(error.record);
      throw error;
    }
  }

  /** Applies the changes that take effect late. Returns how many there were. */
  applyLate(): number {
    const due = this.#late.splice(0);
    for (const apply of due) apply();
    return due.length;
  }

  #struck(call: ArrivingCall, perform: Perform, { applied, failure, code }: CallFault): CallFailed {
    const unheard = () => {
      try {
        this.#applied(call, perform);
      } catch (error) {
        if (!(error instanceof CallFailed)) throw error;
      }
    };
    if (applied === "yes") unheard();
    if (applied === "later") this.#late.push(unheard);
    const error = this.failed(call, failure, code, "fault");
    this.changes.push(error.record);
    return error;
  }

  /** Checks a change against what it sees, and applies it to the real entry. */
  #applied(call: ArrivingCall, perform: Perform): string {
    const moment = this.momentOf(call);
    this.checkCluster(call, moment);
    this.checkCluster(call, Number.POSITIVE_INFINITY);
    const place = placeOf(call.address);
    return perform(
      { seen: this.entries.asOf(place, moment), there: this.entries.get(place) },
      moment,
    );
  }

  #recordOf({ operation, session }: ArrivingCall, result: string): CallRecord {
    this.#requestIds += 1;
    return {
      operation,
      requestId: `request-${String(this.#requestIds).padStart(6, "0")}`,
      sessionName: session.sessionName,
      at: this.#options.now(),
      result,
    };
  }
}

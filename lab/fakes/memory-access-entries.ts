import type { AuthenticationMode } from "../../shared/domain/clusters/cluster-facts.ts";
import { GROUPS, groupElements } from "../../shared/domain/entries/access.ts";
import type { ActualEntry } from "../../shared/domain/entries/actual-entry.ts";
import { MANAGED_BY, TAG_MANAGED_BY, TAG_TOKEN } from "../../shared/domain/entries/ledger.ts";
import { scopeElements } from "../../shared/domain/entries/scope.ts";
import type { CallRecord } from "../../shared/domain/requests/evidence.ts";
import type { ClusterArn } from "../../shared/domain/values/arn.ts";
import type { ElementSet } from "../../shared/domain/values/element-set.ts";
import {
  type AccessEntries,
  CallFailed,
  type CallSession,
  type CreatedEntry,
  type EntryAddress,
  type Failure,
} from "../../shared/ports/access-entries.ts";
import { arnOf, defaultUsername, entryArn, placeOf } from "./eks-names.ts";
import { asOf, hadKey, PastMap } from "./past-map.ts";

/** How a call fails. `applied`: whether it still takes effect, now or later. */
export interface CallFault {
  readonly failure: Failure;
  readonly code: string;
  readonly applied?: "no" | "yes" | "later";
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
interface ReadLag {
  readonly describe?: number;
  readonly list?: number;
  /** For changes: the state that EKS checks them against. They are applied to the real one. */
  readonly judge?: number;
  readonly principal?: number;
  readonly cluster?: number;
}

/** A small EKS in memory, with ways to change it from outside the broker. */
export interface MemoryAccessEntries extends AccessEntries {
  /** The current entry, without a call. */
  peek(address: EntryAddress): ActualEntry | undefined;
  /**
   * Creates or changes an entry as somebody else would; undefined deletes it.
   *
   * @param since a time in the past, for an entry that existed before the test
   */
  edit(
    address: EntryAddress,
    change: (entry: ActualEntry | undefined) => EditedEntry | undefined,
    since?: string,
  ): void;
  /** How stale calls are from now on. Set by tests. */
  lag: ReadLag;
  /** Applies the changes that take effect late. Returns how many there were. */
  applyLate(): number;
  /** All changes that were called, whatever their result, oldest first. */
  readonly calls: CallRecord[];
}

/** An entry as somebody else writes it. EKS chooses its ARN. */
export interface EditedEntry {
  /** The previous value or the default, unless it is set. */
  readonly username?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly targets?: Readonly<Record<string, ElementSet>>;
}

const KIND: Readonly<Record<string, keyof ReadLag>> = {
  DescribeAccessEntry: "describe",
  ListAssociatedAccessPolicies: "list",
  GetRole: "principal",
  DescribeCluster: "cluster",
};

/** The view of a change: the entry that the call sees, and the real one. */
interface Found {
  readonly seen: ActualEntry | undefined;
  readonly there: ActualEntry | undefined;
}

const NOT_FOUND = "ResourceNotFoundException";

export function memoryAccessEntries(options: MemoryAccessEntriesOptions): MemoryAccessEntries {
  const entries = new PastMap<ActualEntry>(options.now);
  /** By place and client token: the entry that was created with it. */
  const spent = new Map<string, ActualEntry>();
  const late: (() => void)[] = [];
  const calls: CallRecord[] = [];
  let lag: ReadLag = {};
  let requestIds = 0;
  let entryIds = 0;

  const newEntryArn = (address: EntryAddress) => {
    entryIds += 1;
    return entryArn(address, entryIds);
  };

  const recordOf = ({ operation, session }: ArrivingCall, result: string): CallRecord => {
    requestIds += 1;
    return {
      operation,
      requestId: `request-${String(requestIds).padStart(6, "0")}`,
      sessionName: session.sessionName,
      at: options.now(),
      result,
    };
  };

  const failed = (call: ArrivingCall, failure: Failure, code: string, detail: string) =>
    new CallFailed(failure, code, `${call.operation}: ${detail}`, recordOf(call, code));

  /** The time whose state a call sees, in milliseconds. */
  const momentOf = (call: ArrivingCall): number => {
    const age = options.view?.(call) ?? lag[KIND[call.operation] ?? "judge"] ?? 0;
    return Date.parse(options.now()) - age;
  };

  const isCluster = (cluster: ClusterArn, moment: number): boolean =>
    hadKey(options.clusters, arnOf(cluster), moment);

  const checkCluster = (call: ArrivingCall, moment: number) => {
    const { cluster } = call.address;
    if (isCluster(cluster, moment)) return;
    throw failed(call, "refused", "ClusterNotFound", `No cluster found for name: ${cluster.name}.`);
  };

  const throwFault = (call: ArrivingCall) => {
    const fault = options.fault?.(call);
    if (fault) throw failed(call, fault.failure, fault.code, "fault");
  };

  /** The entry as one of the two read calls sees it. */
  const seenBy = (call: ArrivingCall): ActualEntry | undefined => {
    const moment = momentOf(call);
    checkCluster(call, moment);
    return entries.asOf(placeOf(call.address), moment);
  };

  /** Checks a change against what it sees, and applies it to the real entry. */
  const applied = (call: ArrivingCall, perform: (found: Found, moment: number) => string) => {
    const moment = momentOf(call);
    checkCluster(call, moment);
    checkCluster(call, Number.POSITIVE_INFINITY);
    const place = placeOf(call.address);
    return perform({ seen: entries.asOf(place, moment), there: entries.get(place) }, moment);
  };

  /**
   * @param perform applies the change and returns the result; it throws EKS's refusal, which is
   *   lost if the call takes effect later
   */
  const change = (
    call: ArrivingCall,
    perform: (found: Found, moment: number) => string,
  ): CallRecord => {
    const fault = options.fault?.(call);
    if (fault) {
      const unheard = () => {
        try {
          applied(call, perform);
        } catch (error) {
          if (!(error instanceof CallFailed)) throw error;
        }
      };
      if (fault.applied === "yes") unheard();
      if (fault.applied === "later") late.push(unheard);
      const error = failed(call, fault.failure, fault.code, "fault");
      calls.push(error.record);
      throw error;
    }
    try {
      const record = recordOf(call, applied(call, perform));
      calls.push(record);
      return record;
    } catch (error) {
      if (error instanceof CallFailed) calls.push(error.record);
      throw error;
    }
  };

  const withTarget = (entry: ActualEntry, target: string, elements: ElementSet): ActualEntry => {
    const { [target]: _old, ...others } = entry.targets;
    return { ...entry, targets: elements.length > 0 ? { ...others, [target]: elements } : others };
  };

  /** The real entry, if the call sees one too. */
  const present = (call: ArrivingCall, { seen, there }: Found): ActualEntry => {
    if (seen && there) return there;
    throw failed(call, "throttled", NOT_FOUND, "principalArn could not be found");
  };

  const isPrincipal = (arn: string, moment: number): boolean =>
    options.principals.has(arn) && hadKey(options.principals, arn, moment);

  return {
    calls,

    get lag() {
      return lag;
    },
    set lag(behind) {
      lag = behind;
    },

    prepare: async () => undefined,

    read: async (address, session) => {
      const describe = { operation: "DescribeAccessEntry", address, session };
      throwFault(describe);
      const described = seenBy(describe);
      if (!described) return undefined;
      const listed = seenBy({ ...describe, operation: "ListAssociatedAccessPolicies" });
      const groups = described.targets[GROUPS] ?? [];
      return withTarget({ ...described, targets: listed?.targets ?? {} }, GROUPS, groups);
    },

    principal: async (address, session) => {
      const call = { operation: "GetRole", address, session };
      throwFault(call);
      const moment = momentOf(call);
      checkCluster(call, Number.POSITIVE_INFINITY);
      const id = asOf(options.principals, address.principalArn, moment);
      if (id === undefined) return undefined;
      const createdAt = asOf(options.createdAt, address.principalArn, moment) ?? LONG_AGO;
      return { id, createdAt };
    },

    cluster: async (cluster, session) => {
      const address = { cluster, principalArn: "" };
      const call = { operation: "DescribeCluster", address, session };
      throwFault(call);
      const moment = momentOf(call);
      if (!isCluster(cluster, moment)) return undefined;
      return {
        createdAt: asOf(options.createdAt, arnOf(cluster), moment) ?? LONG_AGO,
        authenticationMode: asOf(options.modes, arnOf(cluster), moment) ?? "API",
      };
    },

    create: async (address, session, token): Promise<CreatedEntry> => {
      const call = { operation: "CreateAccessEntry", address, session };
      const key = `${placeOf(address)} ${token}`;
      const record = change(call, ({ seen, there }, moment) => {
        // EKS answers a repeated client token with the entry that it created, even if that is gone.
        if (spent.has(key)) return "ok";
        if (there || seen)
          throw failed(call, "refused", "ResourceInUseException", "already in use");
        if (!isPrincipal(address.principalArn, moment))
          throw failed(call, "refused", "InvalidPrincipal", "invalid principal");
        const entry: ActualEntry = {
          accessEntryArn: newEntryArn(address),
          type: "STANDARD",
          createdAt: options.now(),
          tags: { [TAG_MANAGED_BY]: MANAGED_BY, [TAG_TOKEN]: token },
          username: defaultUsername(address),
          targets: {},
        };
        spent.set(key, entry);
        entries.set(placeOf(address), entry);
        return "ok";
      });
      const { accessEntryArn = "", createdAt = "" } = spent.get(key) ?? {};
      return { record, accessEntryArn, createdAt };
    },

    // EKS does not keep a username that is left out; it sets its default.
    // https://github.com/hashicorp/terraform-provider-aws/issues/36480
    updateGroups: async (address, session, groups, read) => {
      const username = read ?? defaultUsername(address);
      const call = { operation: "UpdateAccessEntry", address, session };
      return change(call, (found) => {
        const entry = { ...present(call, found), username };
        entries.set(placeOf(address), withTarget(entry, GROUPS, groupElements(groups)));
        return "ok";
      });
    },

    associate: async (address, session, policyArn, scope) => {
      const call = { operation: "AssociateAccessPolicy", address, session };
      return change(call, (found) => {
        const entry = present(call, found);
        entries.set(placeOf(address), withTarget(entry, policyArn, scopeElements(scope)));
        return "ok";
      });
    },

    disassociate: async (address, session, policyArn) => {
      const call = { operation: "DisassociateAccessPolicy", address, session };
      return change(call, ({ seen, there }) => {
        if (!seen?.targets[policyArn]) return NOT_FOUND;
        if (there) entries.set(placeOf(address), withTarget(there, policyArn, []));
        return "ok";
      });
    },

    remove: async (address, session) =>
      change({ operation: "DeleteAccessEntry", address, session }, ({ seen }) => {
        if (!seen) return NOT_FOUND;
        entries.delete(placeOf(address));
        return "ok";
      }),

    peek: (address) => entries.get(placeOf(address)),

    edit: (address, change, since = options.now()) => {
      const before = entries.get(placeOf(address));
      const after = change(before);
      if (!after) {
        entries.delete(placeOf(address));
        return;
      }
      const targets = Object.entries(after.targets ?? {}).filter(([, held]) => held.length > 0);
      const entry = {
        accessEntryArn: before?.accessEntryArn ?? newEntryArn(address),
        type: before?.type ?? "STANDARD",
        createdAt: before?.createdAt ?? since,
        tags: after.tags ?? {},
        username: after.username ?? before?.username ?? defaultUsername(address),
        targets: Object.fromEntries(targets),
      };
      entries.set(placeOf(address), entry, since);
    },

    applyLate: () => {
      const due = late.splice(0);
      for (const apply of due) apply();
      return due.length;
    },
  };
}

/** The creation time of everything that a test does not set. */
const LONG_AGO = "2020-01-01T00:00:00.000Z";

/** The error of a port when AWS throttles a call. */
export const aFailedCall = (operation: string) =>
  new CallFailed("throttled", "ThrottlingException", `${operation}: Rate exceeded`, {
    operation,
    requestId: null,
    sessionName: "timelatch",
    at: "2026-11-24T10:00:00.000Z",
    result: "ThrottlingException",
  });

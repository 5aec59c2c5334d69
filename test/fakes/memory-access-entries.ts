import { GROUPS, groupElements, groupsFromElements } from "../../shared/domain/access.ts";
import { type ClusterArn, parsePrincipalArn } from "../../shared/domain/arn.ts";
import type { AuthenticationMode } from "../../shared/domain/cluster-facts.ts";
import type { ElementSet } from "../../shared/domain/element-set.ts";
import { MANAGED_BY, TAG_MANAGED_BY, TAG_TOKEN } from "../../shared/domain/ledger.ts";
import type { ActualEntry } from "../../shar../domain/entries/actual-entry.ts";
import { scopeElements } from "../../shared/domain/scope.ts";
import {
  type AccessEntries,
  CallFailed,
  type CallRecord,
  type CallSession,
  type EntryAddress,
  type Failure,
} from "../../shared/ports/access-entries.ts";

/** What goes wrong with a call. `applied`: whether it takes effect all the same, now or later. */
export interface CallFault {
  readonly failure: Failure;
  readonly code: string;
  readonly applied?: "no" | "yes" | "later";
}

/** A call as it arrives, before anything is done. */
export interface ArrivingCall {
  readonly operation: string;
  readonly address: EntryAddress;
  readonly session: CallSession;
}

export interface MemoryAccessEntriesOptions {
  readonly now: () => string;
  /** By ARN, the principals that IAM knows, with their unique ids. A test may change it. */
  readonly principals: Map<string, string>;
  /** ARNs of the clusters there are. A test may change it. */
  readonly clusters: Set<string>;
  /** By ARN, when a principal or a cluster was created, where that matters. */
  readonly createdAt?: Map<string, string>;
  /** By ARN, the clusters' authentication modes, where they are not `API`. */
  readonly modes?: Map<string, AuthenticationMode>;
  /** Asked before every call that reaches AWS. */
  readonly fault?: (call: ArrivingCall) => CallFault | undefined;
}

/** A small EKS in memory, and hands that reach in from outside the broker. */
export interface MemoryAccessEntries extends AccessEntries {
  /** What is there, without a call. */
  peek(address: EntryAddress): ActualEntry | undefined;
  /** Puts or changes an entry as somebody else would; undefined deletes it. */
  edit(
    address: EntryAddress,
    change: (entry: ActualEntry | undefined) => ForeignEntry | undefined,
  ): void;
  /** Applies the changes that were to take effect later. Answers how many there were. */
  applyLate(): number;
  /** Every change that was called for, whatever came of it, oldest first. */
  readonly calls: CallRecord[];
}

/** An entry as an outsider writes it: its ARN is EKS's to give. */
export interface ForeignEntry {
  readonly tags?: Readonly<Record<string, string>>;
  readonly targets?: Readonly<Record<string, ElementSet>>;
}

type Entries = Map<string, ActualEntry>;

export function memoryAccessEntries(options: MemoryAccessEntriesOptions): MemoryAccessEntries {
  const entries: Entries = new Map();
  const late: (() => void)[] = [];
  const calls: CallRecord[] = [];
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

  const checkCluster = (call: ArrivingCall) => {
    const { cluster } = call.address;
    if (options.clusters.has(arnOf(cluster))) return;
    throw failed(call, "refused", "ClusterNotFound", `No cluster found for name: ${cluster.name}.`);
  };

  const read = <Result>(call: ArrivingCall, answer: () => Result): Result => {
    const fault = options.fault?.(call);
    if (fault) throw failed(call, fault.failure, fault.code, "fault");
    checkCluster(call);
    return answer();
  };

  /**
   * @param perform does it, and answers how it went; what it throws is EKS's refusal, which
   *   nobody hears of where the call takes effect later
   */
  const change = (call: ArrivingCall, perform: () => string): CallRecord => {
    const fault = options.fault?.(call);
    if (fault) {
      const unheard = () => {
        try {
          perform();
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
      checkCluster(call);
      const record = recordOf(call, perform());
      calls.push(record);
      return record;
    } catch (error) {
      if (error instanceof CallFailed) calls.push(error.record);
      throw error;
    }
  };

  const present = (call: ArrivingCall): ActualEntry => {
    const entry = entries.get(placeOf(call.address));
    if (entry) return entry;
    throw failed(call, "throttled", "ResourceNotFoundException", "principalArn could not be found");
  };

  const setTarget = (call: ArrivingCall, target: string, elements: ElementSet) => {
    const entry = present(call);
    const { [target]: _old, ...others } = entry.targets;
    const targets = elements.length > 0 ? { ...others, [target]: elements } : others;
    entries.set(placeOf(call.address), { ...entry, targets });
    return "ok";
  };

  return {
    calls,

    read: async (address, session) =>
      read({ operation: "DescribeAccessEntry", address, session }, () =>
        entries.get(placeOf(address)),
      ),

    principal: async (address, session) =>
      read({ operation: "GetRole", address, session }, () => {
        const id = options.principals.get(address.principalArn);
        return id === undefined
          ? undefined
          : { id, createdAt: options.createdAt?.get(address.principalArn) ?? LONG_AGO };
      }),

    cluster: async (cluster, session) => {
      const call = {
        operation: "DescribeCluster",
        address: { cluster, principalArn: "" },
        session,
      };
      const fault = options.fault?.(call);
      if (fault) throw failed(call, fault.failure, fault.code, "fault");
      const arn = arnOf(cluster);
      if (!options.clusters.has(arn)) return undefined;
      return {
        createdAt: options.createdAt?.get(arn) ?? LONG_AGO,
        authenticationMode: options.modes?.get(arn) ?? "API",
      };
    },

    create: async (address, session, { token, groups }) => {
      const call = { operation: "CreateAccessEntry", address, session };
      return change(call, () => {
        const there = entries.get(placeOf(address));
        // EKS answers a repeated client token with the entry that it made.
        if (there?.tags[TAG_TOKEN] === token) return "ok";
        if (there) throw failed(call, "refused", "ResourceInUseException", "already in use");
        if (!options.principals.has(address.principalArn))
          throw failed(call, "refused", "InvalidParameterException", "invalid principal");
        const elements = groupElements(groups);
        entries.set(placeOf(address), {
          accessEntryArn: newEntryArn(address),
          type: "STANDARD",
          createdAt: options.now(),
          tags: { [TAG_MANAGED_BY]: MANAGED_BY, [TAG_TOKEN]: token },
          targets: elements.length > 0 ? { [GROUPS]: elements } : {},
        });
        return "ok";
      });
    },

    updateGroups: async (address, session, groups) => {
      const call = { operation: "UpdateAccessEntry", address, session };
      return change(call, () => setTarget(call, GROUPS, groupElements(groups)));
    },

    associate: async (address, session, policyArn, scope) => {
      const call = { operation: "AssociateAccessPolicy", address, session };
      return change(call, () => setTarget(call, policyArn, scopeElements(scope)));
    },

    disassociate: async (address, session, policyArn) => {
      const call = { operation: "DisassociateAccessPolicy", address, session };
      return change(call, () => {
        const there = entries.get(placeOf(address))?.targets[policyArn];
        return there ? setTarget(call, policyArn, []) : "ResourceNotFoundException";
      });
    },

    remove: async (address, session) =>
      change({ operation: "DeleteAccessEntry", address, session }, () =>
        entries.delete(placeOf(address)) ? "ok" : "ResourceNotFoundException",
      ),

    peek: (address) => entries.get(placeOf(address)),

    edit: (address, change) => {
      const before = entries.get(placeOf(address));
      const after = change(before);
      if (!after) {
        entries.delete(placeOf(address));
        return;
      }
      const targets = Object.entries(after.targets ?? {}).filter(([, held]) => held.length > 0);
      entries.set(placeOf(address), {
        accessEntryArn: before?.accessEntryArn ?? newEntryArn(address),
        type: before?.type ?? "STANDARD",
        createdAt: before?.createdAt ?? options.now(),
        tags: after.tags ?? {},
        targets: Object.fromEntries(targets),
      });
    },

    applyLate: () => {
      const due = late.splice(0);
      for (const apply of due) apply();
      return due.length;
    },
  };
}

/** When what no test speaks of was created. */
const LONG_AGO = "2020-01-01T00:00:00.000Z";

const arnOf = ({ partition, region, account, name }: ClusterArn) =>
  `arn:${partition}:eks:${region}:${account}:cluster/${name}`;

const placeOf = ({ cluster, principalArn }: EntryAddress) => `${arnOf(cluster)} ${principalArn}`;

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html */
function entryArn({ cluster, principalArn }: EntryAddress, n: number): string {
  const { kind = "role", account = "", name = "" } = parsePrincipalArn(principalArn) ?? {};
  const uuid = `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  return arnOf(cluster).replace(
    /:cluster\/.*/,
    `:access-entry/${cluster.name}/${kind}/${account}/${name}/${uuid}`,
  );
}

/** The groups of an entry, for tests that look at it as people do. */
export const groupsOf = (entry: ActualEntry | undefined) =>
  groupsFromElements(entry?.targets[GROUPS] ?? []);

/** What a port throws when AWS was asked too much at once. */
export const aFailedCall = (operation: string) =>
  new CallFailed("throttled", "ThrottlingException", `${operation}: Rate exceeded`, {
    operation,
    requestId: null,
    sessionName: "timelatch",
    at: "2026-11-24T10:00:00.000Z",
    result: "ThrottlingException",
  });

import { GROUPS, groupElements } from "../../shared/domain/entries/access.ts";
import type { ActualEntry } from "../../shared/domain/entries/actual-entry.ts";
import { MANAGED_BY, TAG_MANAGED_BY, TAG_TOKEN } from "../../shared/domain/entries/ledger.ts";
import { scopeElements } from "../../shared/domain/entries/scope.ts";
import type { CallRecord } from "../../shared/domain/requests/evidence.ts";
import type { ElementSet } from "../../shared/domain/values/element-set.ts";
import type {
  AccessEntries,
  CreatedEntry,
  EntryAddress,
} from "../../shared/ports/access-entries.ts";
import { arnOf, defaultUsername, entryArn, placeOf } from "./eks-names.ts";
import {
  type ArrivingCall,
  type Found,
  type MemoryAccessEntriesOptions,
  MemoryEksCalls,
  type ReadLag,
} from "./memory-eks-calls.ts";
import { asOf, hadKey } from "./past-map.ts";

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

const NOT_FOUND = "ResourceNotFoundException";

function withTarget(entry: ActualEntry, target: string, elements: ElementSet): ActualEntry {
  const { [target]: _old, ...others } = entry.targets;
  return { ...entry, targets: elements.length > 0 ? { ...others, [target]: elements } : others };
}

export function memoryAccessEntries(options: MemoryAccessEntriesOptions): MemoryAccessEntries {
  const calls = new MemoryEksCalls(options);
  const { entries } = calls;
  /** By place and client token: the entry that was created with it. */
  const spent = new Map<string, ActualEntry>();
  let entryIds = 0;

  const newEntryArn = (address: EntryAddress) => {
    entryIds += 1;
    return entryArn(address, entryIds);
  };

  /** The real entry, if the call sees one too. */
  const present = (call: ArrivingCall, { seen, there }: Found): ActualEntry => {
    if (seen && there) return there;
    throw calls.failed(call, "throttled", NOT_FOUND, "principalArn could not be found");
  };

  const isPrincipal = (arn: string, moment: number): boolean =>
    options.principals.has(arn) && hadKey(options.principals, arn, moment);

  return {
    calls: calls.changes,

    get lag() {
      return calls.lag;
    },
    set lag(behind) {
      calls.lag = behind;
    },

    prepare: async () => undefined,

    read: async (address, session) => {
      const describe = { operation: "DescribeAccessEntry", address, session };
      calls.throwFault(describe);
      const described = calls.seenBy(describe);
      if (!described) return undefined;
      const listed = calls.seenBy({ ...describe, operation: "ListAssociatedAccessPolicies" });
      const groups = described.targets[GROUPS] ?? [];
      return withTarget({ ...described, targets: listed?.targets ?? {} }, GROUPS, groups);
    },

    principal: async (address, session) => {
      const call = { operation: "GetRole", address, session };
      calls.throwFault(call);
      const moment = calls.momentOf(call);
      calls.checkCluster(call, Number.POSITIVE_INFINITY);
      const id = asOf(options.principals, address.principalArn, moment);
      if (id === undefined) return undefined;
      const createdAt = asOf(options.createdAt, address.principalArn, moment) ?? LONG_AGO;
      return { id, createdAt };
    },

    cluster: async (cluster, session) => {
      const address = { cluster, principalArn: "" };
      const call = { operation: "DescribeCluster", address, session };
      calls.throwFault(call);
      const moment = calls.momentOf(call);
      if (!calls.isCluster(cluster, moment)) return undefined;
      return {
        createdAt: asOf(options.createdAt, arnOf(cluster), moment) ?? LONG_AGO,
        authenticationMode: asOf(options.modes, arnOf(cluster), moment) ?? "API",
      };
    },

    create: async (address, session, token): Promise<CreatedEntry> => {
      const call = { operation: "CreateAccessEntry", address, session };
      const key = `${placeOf(address)} ${token}`;
      const record = calls.change(call, ({ seen, there }, moment) => {
        // EKS answers a repeated client token with the entry that it created, even if that is gone.
        if (spent.has(key)) return "ok";
        if (there || seen)
          throw calls.failed(call, "refused", "ResourceInUseException", "already in use");
        if (!isPrincipal(address.principalArn, moment))
          throw calls.failed(call, "refused", "InvalidPrincipal", "invalid principal");
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
      return calls.change(call, (found) => {
        const entry = { ...present(call, found), username };
        entries.set(placeOf(address), withTarget(entry, GROUPS, groupElements(groups)));
        return "ok";
      });
    },

    associate: async (address, session, policyArn, scope) => {
      const call = { operation: "AssociateAccessPolicy", address, session };
      return calls.change(call, (found) => {
        const entry = present(call, found);
        entries.set(placeOf(address), withTarget(entry, policyArn, scopeElements(scope)));
        return "ok";
      });
    },

    disassociate: async (address, session, policyArn) => {
      const call = { operation: "DisassociateAccessPolicy", address, session };
      return calls.change(call, ({ seen, there }) => {
        if (!seen?.targets[policyArn]) return NOT_FOUND;
        if (there) entries.set(placeOf(address), withTarget(there, policyArn, []));
        return "ok";
      });
    },

    remove: async (address, session) =>
      calls.change({ operation: "DeleteAccessEntry", address, session }, ({ seen }) => {
        if (!seen) return NOT_FOUND;
        entries.delete(placeOf(address));
        return "ok";
      }),

    peek: (address) => entries.get(placeOf(address)),

    edit: (address, edited, since = options.now()) => {
      const before = entries.get(placeOf(address));
      const after = edited(before);
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

    applyLate: () => calls.applyLate(),
  };
}

/** The creation time of everything that a test does not set. */
const LONG_AGO = "2020-01-01T00:00:00.000Z";

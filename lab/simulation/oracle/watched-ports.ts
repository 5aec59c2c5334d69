/** Ports whose calls the oracle checks as they take effect. */
import type { AccessEntries, EntryAddress } from "../../../shared/ports/access-entries.ts";
import type { CircuitStore } from "../../../shared/ports/circuit-store.ts";
import type { DelegationStore } from "../../../shared/ports/delegation-store.ts";
import type { EvidenceStore } from "../../../shared/ports/evidence-store.ts";
import type { FindingStore } from "../../../shared/ports/finding-store.ts";
import type { LedgerStore } from "../../../shared/ports/ledger-store.ts";
import type { RequestStore } from "../../../shared/ports/request-store.ts";
import type { Schedules } from "../../../shared/ports/schedules.ts";
import type { StopStore } from "../../../shared/ports/stop-store.ts";
import type { MemoryAccessEntries } from "../../fakes/memory-access-entries.ts";
import { bindingAt } from "../sim-policy.ts";
import type { EvidenceWatch } from "./evidence.ts";
import { millisOf } from "./facts.ts";
import type { NoticeWatch } from "./notices.ts";
import type { Oracle } from "./oracle.ts";
import { storedFinding } from "./stored-subject.ts";

export function watchedRequests(requests: RequestStore, oracle: Oracle): RequestStore {
  const orLost = async (save: Promise<void>) => {
    try {
      await save;
    } catch (error) {
      oracle.fenced("record");
      throw error;
    }
  };
  return {
    ...requests,
    async create(steps, key) {
      await requests.create(steps, key);
      oracle.stepsStored(steps);
    },
    async save(step, options) {
      await orLost(requests.save(step, options));
      const { followedBy, beside = [] } = options ?? {};
      oracle.stepsStored([step, ...(followedBy ? [followedBy] : []), ...beside]);
    },
    async saveAll(steps) {
      await orLost(requests.saveAll(steps));
      oracle.stepsStored(steps);
    },
  };
}

/** The oracle knows a delegation, and its end, as they are stored. */
export function watchedDelegations(delegations: DelegationStore, oracle: Oracle): DelegationStore {
  const stored = async (id: string) => oracle.delegationStored(await delegations.records(id));
  return {
    ...delegations,
    async create(made, options) {
      await delegations.create(made, options);
      await stored(made.delegationId);
    },
    async end(delegation, ended) {
      await delegations.end(delegation, ended);
      await stored(delegation.id);
    },
  };
}

/** The oracle knows a finding as it is stored. */
export function watchedFindings(findings: FindingStore, notices: NoticeWatch): FindingStore {
  return {
    ...findings,
    async appendFinding(draft) {
      const isAdded = await findings.appendFinding(draft);
      if (!isAdded || draft.type === "expected") return isAdded;
      const { findingId } = draft.details;
      const finding = await findings.finding(findingId);
      if (finding)
        notices.subjectStored(storedFinding(finding, await findings.acknowledgements(findingId)));
      return isAdded;
    },
  };
}

export function watchedLedgers(ledgers: LedgerStore, oracle: Oracle): LedgerStore {
  return {
    ...ledgers,
    async save(ledger) {
      try {
        const saved = await ledgers.save(ledger);
        oracle.ledgerSaved(saved);
        return saved;
      } catch (error) {
        oracle.fenced("ledger");
        throw error;
      }
    },
  };
}

export function watchedCircuits(circuits: CircuitStore, { facts }: Oracle): CircuitStore {
  return {
    ...circuits,
    async load(clusterArn) {
      const invocation = facts.current?.invocation;
      const circuit = await circuits.load(clusterArn);
      const { openUntil } = circuit;
      if (invocation && openUntil !== null) {
        const { name, startedAt, skew } = invocation;
        if (startedAt + skew < millisOf(openUntil)) facts.keptByCircuit.add(name);
      }
      return circuit;
    },
  };
}

export function watchedSchedules(schedules: Schedules, oracle: Oracle): Schedules {
  return {
    ...schedules,
    async armRevocation(grantId, binding, at) {
      oracle.armed(grantId, at);
      await schedules.armRevocation(grantId, binding, at);
    },
  };
}

export function watchedEvidence(store: EvidenceStore, watch: EvidenceWatch): EvidenceStore {
  return {
    ...store,
    async putCall(call) {
      await store.putCall(call);
      watch.called(call);
    },
    async putIntent(intent) {
      await store.putIntent(intent);
      watch.intended(intent);
    },
    async appendEvidence(draft) {
      const isAdded = await store.appendEvidence(draft);
      if (isAdded) watch.added(draft);
      return isAdded;
    },
    async appendFinding(draft) {
      const isAdded = await store.appendFinding(draft);
      if (isAdded) watch.added(draft);
      return isAdded;
    },
  };
}

export function watchedStops(stops: StopStore, oracle: Oracle): StopStore {
  return {
    ...stops,
    async append(next) {
      const record = await stops.append(next);
      oracle.stops.appended(record);
      oracle.notices.stopStored(record);
      return record;
    },
  };
}

/** The oracle checks each call that changes an entry. @param permitted the entries, as far as AWS permits the calls */
export function watchedEntries(
  entries: MemoryAccessEntries,
  permitted: AccessEntries,
  oracle: Oracle,
): AccessEntries {
  const watched =
    <Args extends readonly unknown[], Result>(
      change: (address: EntryAddress, ...args: Args) => Promise<Result>,
    ) =>
    (address: EntryAddress, ...args: Args): Promise<Result> => {
      const before = entries.peek(address);
      // The fake takes effect when it is called, and answers later.
      const answer = change(address, ...args);
      const truth = oracle.truths.get(bindingAt(address));
      if (truth) oracle.entryChanged(truth, before, entries.calls.at(-1));
      return answer;
    };
  return {
    ...permitted,
    read: async (address, session) => {
      const entry = await permitted.read(address, session);
      oracle.entryRead();
      return entry;
    },
    create: watched(permitted.create),
    updateGroups: watched(permitted.updateGroups),
    associate: watched(permitted.associate),
    disassociate: watched(permitted.disassociate),
    remove: watched(permitted.remove),
  };
}

import { EMPTY, unionOf } from "../../shared/domain/values/element-set.ts";
import type { EntryAddress } from "../../shared/ports/access-entries.ts";
import type { ConvergeQueue } from "../../shared/ports/converge-queue.ts";
import type { ConvergePorts, SweepPorts } from "../../shared/ports/function-ports.ts";
import type { Schedules } from "../../shared/ports/schedules.ts";
import { countedId } from "../fakes/counted-ids.ts";
import { memoryBindingStore } from "../fakes/memory-binding-store.ts";
import { memoryCircuitStore, memoryClusterFactsStore } from "../fakes/memory-cluster-stores.ts";
import { memoryDelegationStore } from "../fakes/memory-delegation-store.ts";
import { memoryFactStore } from "../fakes/memory-fact-store.ts";
import { memoryLedgerStore } from "../fakes/memory-ledger-store.ts";
import { memoryNoticeStore } from "../fakes/memory-notice-store.ts";
import { memoryNotifyQueue } from "../fakes/memory-notify-queue.ts";
import { memoryRequestStore } from "../fakes/memory-request-store.ts";
import { memoryStopCopyStore, memoryStopStore } from "../fakes/memory-stop-stores.ts";
import type { EvidenceRuns } from "./evidence/evidence-runs.ts";
import { loggedEntries } from "./evidence/logged-entries.ts";
import { entryRules } from "./faults/entry-rules.ts";
import { permittedEntries } from "./faults/permitted-entries.ts";
import { withTableHardships } from "./faults/table-hardships.ts";
import type { FifoQueue } from "./network/fifo-queue.ts";
import type { Oracle } from "./oracle/oracle.ts";
import { additionDenied } from "./oracle/refusals.ts";
import { keyOf } from "./oracle/truth.ts";
import {
  watchedCircuits,
  watchedDelegations,
  watchedEntries,
  watchedEvidence,
  watchedLedgers,
  watchedRequests,
  watchedSchedules,
  watchedStops,
} from "./oracle/watched-ports.ts";
import { bindingAt } from "./sim-policy.ts";
import { STACK, type Stage } from "./stage.ts";
import { instantOf } from "./virtual-time.ts";
import type { WorldFakes } from "./world-fakes.ts";

/** Counts from 1. */
function counter(): () => number {
  let last = 0;
  return () => {
    last += 1;
    return last;
  };
}

/** The world around the fakes. */
export interface Surroundings {
  readonly schedules: Schedules;
  readonly queue: FifoQueue;
  /** Asked for at each call, since it watches what the ports reach. */
  readonly trail: () => EvidenceRuns["trail"];
}

/** The broker's ports on the fakes, without a network in between. The oracle watches each call. */
export function worldPorts(
  stage: Stage,
  fakes: WorldFakes,
  oracle: Oracle,
  { schedules, queue, trail }: Surroundings,
): ConvergePorts & SweepPorts {
  const { time, random, deployed } = stage;
  const { tables, ledgers, circuits, stopRecords, readings, tickets, entries } = fakes;
  const { evidenceStore, modes } = fakes;
  const nextId = counter();
  const nextToken = counter();
  const log: Parameters<typeof loggedEntries>[1] = (address, call) => {
    const truth = oracle.truths.get(bindingAt(address));
    const target = call.target ?? "";
    // Nobody knows whose an ambiguous element is, so it may be the owner's.
    const unclear = call.elements.filter((one) => truth?.ambiguous.has(keyOf(target, one)));
    const baseline = unionOf(truth?.baseline.get(target) ?? EMPTY, unclear);
    trail().log({ ...call, at: time.now }, { kind: "ours", baseline });
  };
  const stores = {
    requests: watchedRequests(memoryRequestStore(tables), oracle),
    bindings: memoryBindingStore(tables, () => instantOf(time.now)),
    ledgers: watchedLedgers(memoryLedgerStore(ledgers), oracle),
    stops: watchedStops(memoryStopStore(stopRecords), oracle),
    stopCopy: memoryStopCopyStore(),
  };
  const denied = (address: EntryAddress) => additionDenied(oracle.facts, address);
  const rules = entryRules(stage, { entries, modes, denied });
  const permitted = permittedEntries(entries, rules);
  return {
    notices: memoryNoticeStore(tables),
    notifyQueue: memoryNotifyQueue(),
    ...withTableHardships(stores, { stage, fakes: { tables, ledgers }, oracle }),
    delegations: watchedDelegations(memoryDelegationStore(tables), oracle),
    clusters: memoryClusterFactsStore(),
    circuits: watchedCircuits(memoryCircuitStore(circuits), oracle),
    facts: memoryFactStore(readings, tickets.readings),
    outside: { look: async () => {}, lookAtTickets: async (keys) => tickets.onAsked(keys) },
    entries: loggedEntries(watchedEntries(entries, permitted, oracle), log),
    schedules: watchedSchedules(schedules, oracle),
    evidence: watchedEvidence(evidenceStore, oracle.evidence),
    queue: queuePort(queue, () => `send-${nextToken()}`),
    clock: { now: () => instantOf(time.now) },
    ids: { newId: () => countedId(nextId()), newToken: () => `token-${nextToken()}` },
    random: { fraction: () => random.fraction() },
    get policy() {
      return deployed.now;
    },
    settings: STACK.broker,
  };
}

/** The queue as the broker sends to it: one group for each binding, a new id for each send. */
function queuePort(queue: FifoQueue, fresh: () => string): ConvergeQueue {
  return {
    send: async (subject, cause) => queue.send(subject, cause, fresh()),
    backlog: async () => queue.size,
    sendOnce: async (subject, cause, turn) => queue.send(subject, cause, [subject, turn].join(" ")),
  };
}

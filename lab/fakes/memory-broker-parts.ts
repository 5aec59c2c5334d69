/** The parts of a broker on fakes: its stores, its ports, and the hooks on converge's calls. */
import type { AuthenticationMode } from "../../shared/domain/clusters/cluster-facts.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { StopRecord } from "../../shared/domain/stops/stops.ts";
import type { ConvergePorts, SweepPorts } from "../../shared/ports/function-ports.ts";
import { ACCOUNT, ALICE, aPolicy, BOB, PROD, STAGING, settings } from "./builders.ts";
import { countedIds } from "./counted-ids.ts";
import { type FixedClock, fixedClock } from "./fixed-clock.ts";
import { fixedRandom } from "./fixed-random.ts";
import { memoryAccessEntries } from "./memory-access-entries.ts";
import { memoryBindingStore } from "./memory-binding-store.ts";
import { memoryCircuitStore, memoryClusterFactsStore } from "./memory-cluster-stores.ts";
import { memoryConvergeQueue } from "./memory-converge-queue.ts";
import { memoryDelegationStore } from "./memory-delegation-store.ts";
import type { ArrivingCall, CallFault } from "./memory-eks-calls.ts";
import { memoryEvidenceStore } from "./memory-evidence-store.ts";
import { memoryFactStore } from "./memory-fact-store.ts";
import { memoryLedgerStore } from "./memory-ledger-store.ts";
import { memoryNoticeStore } from "./memory-notice-store.ts";
import { memoryNotifyQueue } from "./memory-notify-queue.ts";
import { memoryOutsideQueue } from "./memory-outside-queue.ts";
import { memoryRequestStore } from "./memory-request-store.ts";
import { memorySchedules } from "./memory-schedules.ts";
import { memoryStopCopyStore, memoryStopStore } from "./memory-stop-stores.ts";
import { memoryTables } from "./memory-tables.ts";
import { PastMap } from "./past-map.ts";
import { CONVERGE_PORTS, Hooks, tapPorts } from "./port-tap.ts";

const CAROL = `arn:aws:iam::${ACCOUNT}:role/people/carol`;

export interface MemoryBrokerOptions {
  readonly policy?: AccessPolicy;
  readonly settings?: Partial<Settings>;
  /** Called for each fuse; false for a Scheduler that refuses EKS targets. */
  readonly takesFuses?: () => boolean;
  /** Other stores than those in memory. Then what a test reads from `tables` is empty. */
  readonly stores?: (clock: FixedClock) => Partial<Stores>;
  /** Wraps the ports of converge, to watch or disturb calls. */
  readonly wrap?: (ports: ConvergePorts) => ConvergePorts;
}

type Stores = Pick<
  ConvergePorts & SweepPorts,
  | "requests"
  | "delegations"
  | "stops"
  | "bindings"
  | "ledgers"
  | "evidence"
  | "clusters"
  | "circuits"
  | "stopCopy"
  | "notices"
  | "ids"
>;

/** The stores with these names, of those that a test brings. */
const picked = <Name extends keyof Stores>(stores: Partial<Stores>, names: readonly Name[]) =>
  Object.fromEntries(
    names.flatMap((name) => (stores[name] === undefined ? [] : [[name, stores[name]]])),
  ) as Partial<Pick<Stores, Name>>;

export function memoryBrokerParts(options: MemoryBrokerOptions) {
  const clock = fixedClock();
  const tables = memoryTables();
  const stores = options.stores?.(clock) ?? {};
  const requests = stores.requests ?? memoryRequestStore(tables);
  const bindings = memoryBindingStore(tables);
  const queue = memoryConvergeQueue();
  const { takesFuses = () => true } = options;
  const schedules = memorySchedules({ takesFuses });
  const ledgers = memoryLedgerStore();
  const principals = new PastMap<string>(clock.now, [
    [ALICE, "AROAALICE"],
    [BOB, "AROABOB"],
    [CAROL, "AROACAROL"],
  ]);
  const clusters = new Set([PROD.arn, STAGING.arn]);
  const createdAt = new Map<string, string>();
  const modes = new Map<string, AuthenticationMode>();
  const clusterFacts = memoryClusterFactsStore();
  const circuits = memoryCircuitStore();
  const stopCopy = memoryStopCopyStore();
  const evidence = memoryEvidenceStore(tables);
  const faults: ((call: ArrivingCall) => CallFault | undefined)[] = [];
  const entries = memoryAccessEntries({
    now: clock.now,
    principals,
    clusters,
    createdAt,
    modes,
    fault: (call) => faults.map((fault) => fault(call)).find((found) => found !== undefined),
  });
  const policy = options.policy ?? aPolicy();
  const ids = countedIds();
  const delegations = memoryDelegationStore(tables);
  const stopRecords: StopRecord[] = [];
  const facts = memoryFactStore();
  const outside = memoryOutsideQueue();
  const common = {
    requests,
    delegations,
    stops: memoryStopStore(stopRecords, tables),
    facts,
    outside,
    clock,
    ids,
    policy,
    settings: settings(options.settings),
    ...picked(stores, ["delegations", "stops", "ids"]),
  };
  const notifyQueue = memoryNotifyQueue();
  const front: SweepPorts = {
    ...common,
    queue,
    bindings,
    activity: evidence,
    clusters: clusterFacts,
    notices: memoryNoticeStore(tables),
    notifyQueue,
    ...picked(stores, ["bindings", "clusters", "notices"]),
  };
  const plain: ConvergePorts = {
    ...common,
    bindings,
    ledgers,
    entries,
    schedules,
    evidence,
    random: fixedRandom,
    clusters: clusterFacts,
    circuits,
    stopCopy,
    queue,
    ...picked(stores, ["bindings", "ledgers", "evidence", "clusters", "circuits", "stopCopy"]),
  };
  const hooks = new Hooks();
  const ports = tapPorts(options.wrap?.(plain) ?? plain, CONVERGE_PORTS, hooks.tap);
  const logs: { readonly message: string; readonly facts: Readonly<Record<string, unknown>> }[] =
    [];
  return {
    clock,
    tables,
    policy,
    requests,
    front,
    ports,
    hooks,
    queue,
    schedules,
    ledgers,
    evidence,
    stopRecords,
    stopCopy,
    facts,
    outside,
    principals,
    clusters,
    createdAt,
    modes,
    entries,
    faults,
    logs,
    settings: common.settings,
  };
}

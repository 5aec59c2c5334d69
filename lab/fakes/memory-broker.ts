/** A whole broker on fakes. People act through the use cases, and tests start converge. */

import type { AuthenticationMode } from "../../shared/domain/clusters/cluster-facts.ts";
import { type Delegation, delegationOf } from "../../shared/domain/delegations/delegation.ts";
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import { isEmpty } from "../../shared/domain/entries/ledger.ts";
import type { Actor } from "../../shared/domain/policy/actor.ts";
import { admit } from "../../shared/domain/policy/admission.ts";
import type { DelegationAsk } from "../../shared/domain/policy/delegation-ask.ts";
import type { ExtensionAsk } from "../../shared/domain/policy/judge-extension.ts";
import { type AccessPolicy, memberOf } from "../../shared/domain/policy/policy.ts";
import type { Ask } from "../../shared/domain/requests/ask.ts";
import type { EndVerb } from "../../shared/domain/requests/audit-event.ts";
import { callsIn } from "../../shared/domain/requests/audit-event.ts";
import type { Access, AccessRequest } from "../../shared/domain/requests/request.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { NO_STOPS, type StopRecord } from "../../shared/domain/stops/stops.ts";
import { clusterOf } from "../../shared/domain/values/arn.ts";
import type { ElementSet } from "../../shared/domain/values/element-set.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { EntryAddress } from "../../shared/ports/access-entries.ts";
import type { ConvergePorts, SweepPorts } from "../../shared/ports/function-ports.ts";
import { checkCluster } from "../../shared/usecases/clusters/check-cluster.ts";
import { converge } from "../../shared/usecases/converge/converge.ts";
import type { ConvergeRun } from "../../shared/usecases/converge/converge-run.ts";
import { delegate } from "../../shared/usecases/delegations/delegate.ts";
import { endDelegation } from "../../shared/usecases/delegations/end-delegation.ts";
import { createRequest } from "../../shared/usecases/requests/create-request.ts";
import { decideRequest } from "../../shared/usecases/requests/decide-request.ts";
import { endGrant } from "../../shared/usecases/requests/end-grant.ts";
import { extendGrant } from "../../shared/usecases/requests/extend-grant.ts";
import { ACCOUNT, ALICE, aPolicy, BOB, PROD, STAGING, settings } from "./builders.ts";
import { countedIds } from "./counted-ids.ts";
import { type FixedClock, fixedClock } from "./fixed-clock.ts";
import { fixedRandom } from "./fixed-random.ts";
import { type ArrivingCall, type CallFault, memoryAccessEntries } from "./memory-access-entries.ts";
import { memoryBindingStore } from "./memory-binding-store.ts";
import { memoryCircuitStore, memoryClusterFactsStore } from "./memory-cluster-stores.ts";
import { memoryConvergeQueue } from "./memory-converge-queue.ts";
import { memoryDelegationStore } from "./memory-delegation-store.ts";
import { memoryEvidenceStore } from "./memory-evidence-store.ts";
import { memoryLedgerStore } from "./memory-ledger-store.ts";
import { memoryNoticeStore } from "./memory-notice-store.ts";
import { memoryNotifyQueue } from "./memory-notify-queue.ts";
import { memoryRequestStore } from "./memory-request-store.ts";
import { memorySchedules } from "./memory-schedules.ts";
import { memoryStopCopyStore, memoryStopStore } from "./memory-stop-stores.ts";
import { memoryTables } from "./memory-tables.ts";
import { PastMap } from "./past-map.ts";
import { CONVERGE_PORTS, Hooks, tapPorts } from "./port-tap.ts";

export const EDIT = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy";
export const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
/** Earlier than any request of a test. */
const LONG_AGO = "2026-11-01T00:00:00.000Z";
const CAROL = `arn:aws:iam::${ACCOUNT}:role/people/carol`;

export const edit = (...namespaces: string[]): Access => ({
  policy: "AmazonEKSEditPolicy",
  scope: { type: "namespace", namespaces },
});

/** Edit in payments-api on prod for an hour. */
export const ASK: Ask = {
  cluster: "prod",
  access: edit("payments-api"),
  durationSeconds: 3_600,
  reason: "INC-4711 stuck rollout",
  principalArn: null,
  startsAt: null,
  rule: null,
};
export const view = (...namespaces: string[]): Access => ({
  policy: "AmazonEKSViewPolicy",
  scope: { type: "namespace", namespaces },
});

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

export type MemoryBroker = ReturnType<typeof memoryBroker>;

/** The stores with these names, of those that a test brings. */
const picked = <Name extends keyof Stores>(stores: Partial<Stores>, names: readonly Name[]) =>
  Object.fromEntries(
    names.flatMap((name) => (stores[name] === undefined ? [] : [[name, stores[name]]])),
  ) as Partial<Pick<Stores, Name>>;

export function memoryBroker(options: MemoryBrokerOptions = {}) {
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
  const common = {
    requests,
    delegations,
    stops: memoryStopStore(stopRecords, tables),
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
  const actor = (name: string, over: Partial<Actor> = {}): Actor => {
    const member = memberOf(policy, name);
    if (!member) throw new Error(`${name} is not in the policy.`);
    const proof = { gatewayRequestId: "q", callerId: `AROA:${name}` };
    return { member, surface: "api", proof, ...over };
  };
  const addressOf = (cluster = PROD.arn, principalArn = ALICE): EntryAddress => ({
    cluster: clusterOf(cluster),
    principalArn,
  });
  const bindingOf = ({ cluster, principalArn }: Pick<AccessRequest, "cluster" | "principalArn">) =>
    bindingKey(cluster.arn, principalArn);
  const run = (binding: string, over: Partial<ConvergeRun> = {}) =>
    converge(ports, binding, {
      millisLeft: () => 8_000,
      hold: { extend: async () => true },
      log: (message, facts) => logs.push({ message, facts }),
      ...over,
    });

  return {
    clock,
    tables,
    front,
    ports,
    queue,
    schedules,
    ledgers,
    evidence,
    /** The chain of stops, which a test may forge. */
    stopRecords,
    stopCopy,
    principals,
    clusters,
    createdAt,
    modes,
    entries,
    faults,
    logs,
    /** All calls of converge to its ports, in order: `entries.read`, `ledgers.save` … */
    calls: hooks.seen,
    addressOf,
    binding: bindingKey(PROD.arn, ALICE),
    actor,

    /** Alice asks for Edit in payments-api on prod for an hour, by default. */
    ask(over: Partial<Ask> = {}, by = "alice"): Promise<AccessRequest> {
      return createRequest(front, actor(by), { ...ASK, ...over }, undefined);
    },
    /** The requester asks for the grant's access to last longer. */
    extend: ({ id, requester }: AccessRequest, ask: Partial<ExtensionAsk> = {}, by = requester) =>
      extendGrant(front, actor(by), id, { durationSeconds: null, reason: null, ...ask }, undefined),
    approve: ({ id, digest }: AccessRequest, by = "bob", onBehalfOf?: string) =>
      decideRequest(front, actor(by), id, {
        verdict: "approve",
        digest,
        ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
      }),
    /** Lets another person approve, from now on and for a day by default. */
    delegate: (by: string, to: string, over: Partial<DelegationAsk> = {}, key?: string) =>
      delegate(
        front,
        actor(by),
        { to, from: null, until: plusSeconds(clock.now(), 86_400), ...over },
        key,
      ),
    /** Whether converge would add a grant's access now, under another policy where one is given. */
    judge: (grant: AccessRequest, by = policy) =>
      admit(by, grant, common.settings, clock.now(), false, {
        delegations: new Map(
          [...tables.delegations].flatMap(([id, records]) => {
            const found = delegationOf(id, records);
            return found ? [[id, found] as const] : [];
          }),
        ),
        stopped: NO_STOPS,
      }),
    endDelegation: ({ id }: Pick<Delegation, "id">, by = "bob") =>
      endDelegation(front, actor(by), id),
    end: ({ id }: AccessRequest, verb: EndVerb, by = "alice", note?: string) =>
      endGrant(front, actor(by), id, verb, note),

    /** Runs `act` once, just before converge's next call of that name: `requests.save` … */
    before(site: string, act: () => unknown, matches?: (args: readonly unknown[]) => boolean) {
      hooks.add({ site, when: "before", act, matches });
    },
    /** Runs `act` once, just after the call took effect. */
    after(site: string, act: () => unknown, matches?: (args: readonly unknown[]) => boolean) {
      hooks.add({ site, when: "after", act, matches });
    },
    /** Runs `act` before each of converge's calls of that name, until `clearFaults`. */
    beforeEach(site: string, act: () => unknown) {
      hooks.add({ site, when: "before", act, stays: true });
    },
    /** Removes all hooks and faults. */
    clearFaults() {
      hooks.clear();
      faults.length = 0;
    },

    /** Calls `act` with the arguments of each of converge's calls of that name. */
    watch(site: string, act: (args: readonly unknown[]) => unknown) {
      hooks.add({ site, when: "before", act, stays: true });
    },
    /** Makes calls of a port fail until the returned function is called. */
    breakPort(site: string, error: Error, matches?: (args: readonly unknown[]) => boolean) {
      const fail = () => {
        throw error;
      };
      return hooks.add({ site, when: "before", act: fail, matches, stays: true });
    },
    /** Makes AWS fail the next calls of an operation. */
    failNext(operation: string, fault: CallFault, times = 1) {
      let left = times;
      faults.push((call) => {
        if (call.operation !== operation || left === 0) return undefined;
        left -= 1;
        return fault;
      });
    },

    /** Somebody else sets the content of alice's entry to exactly this, and keeps its tags. */
    othersPut(targets: Readonly<Record<string, ElementSet>>, cluster = PROD.arn) {
      entries.edit(addressOf(cluster), (entry) => ({ tags: entry?.tags ?? {}, targets }));
    },
    /** Somebody else's entry for alice, created long before the test. */
    othersHad(targets: Readonly<Record<string, ElementSet>>, cluster = PROD.arn) {
      entries.edit(addressOf(cluster), () => ({ targets }), LONG_AGO);
    },
    /** Somebody else deletes alice's entry. */
    othersDelete(cluster = PROD.arn) {
      entries.edit(addressOf(cluster), () => undefined);
    },

    /** A grant after its first run of converge. */
    async activeGrant(over: Partial<Ask> = {}, by = "alice"): Promise<AccessRequest> {
      const grant = await this.grant(over, by);
      await run(bindingOf(grant));
      return requests.load(grant.id);
    },
    /** Moves the clock to the grant's `revokeAt`, and converges. */
    async convergeAtEnd(grant: AccessRequest) {
      clock.set(grant.revokeAt ?? "");
      return run(bindingOf(grant));
    },
    /** Converges every 20 s for this many seconds. The default lets a read prove what it can. */
    async settle(seconds = 120, binding = bindingKey(PROD.arn, ALICE)) {
      for (let passed = 0; passed < seconds; passed += 20) {
        clock.advance(20);
        await run(binding);
      }
    },

    /** Asks and approves, without converging. */
    async grant(over: Partial<Ask> = {}, by = "alice"): Promise<AccessRequest> {
      const asked = await this.ask(over, by);
      return asked.state === "approved" ? asked : this.approve(asked);
    },

    /** Checks a cluster of the policy, as converge does from time to time. */
    checkCluster: (name: string) => checkCluster(ports, name, { log: () => undefined }),
    converge: (binding = bindingKey(PROD.arn, ALICE), over: Partial<ConvergeRun> = {}) =>
      run(binding, over),
    /** The time left of a run that starts now and lasts this many seconds, by the fake clock. */
    timed: (seconds: number): Pick<ConvergeRun, "millisLeft"> => {
      const end = Date.parse(clock.now()) + seconds * 1_000;
      return { millisLeft: () => end - Date.parse(clock.now()) };
    },
    /** The request as it is stored now. */
    reload: ({ id }: AccessRequest) => requests.load(id),
    states: (...grants: AccessRequest[]) =>
      Promise.all(grants.map(async ({ id }) => (await requests.load(id)).state)),
    ledger: (binding = bindingKey(PROD.arn, ALICE)) => ledgers.load(binding),
    /** Whether nothing of the binding is known, due or still to fire. */
    async isAtRest(binding = bindingKey(PROD.arn, ALICE)) {
      const ledger = await ledgers.load(binding);
      const head = tables.heads.get(binding);
      const times = [head?.dueAt, head?.removeAt, head?.driftCheckAt].filter((at) => at != null);
      // Another attempt finds nothing to do once all is at rest.
      const coming = [...schedules.timers.values()].filter(
        (timer) => timer.at > clock.now() && !("grantId" in timer && timer.grantId === null),
      );
      return (!ledger || isEmpty(ledger)) && times.length === 0 && coming.length === 0;
    },
    /** Whether the binding is due within a minute. */
    isDueSoon(binding = bindingKey(PROD.arn, ALICE)) {
      const due = tables.heads.get(binding)?.dueAt ?? "";
      return due >= clock.now() && due <= plusSeconds(clock.now(), 60);
    },
    /** When the binding is due, and for what. */
    head: (binding = bindingKey(PROD.arn, ALICE)) => tables.heads.get(binding),
    history: ({ id }: AccessRequest) => requests.history(id),
    /** The operations recorded in a grant's history, in order. */
    recordedCalls: async ({ id }: AccessRequest) =>
      (await requests.history(id)).flatMap((event) =>
        callsIn(event).map(({ operation }) => operation),
      ),
    /** The changes that EKS was asked for, in order, from this index on. */
    operations: (from = 0) => entries.calls.slice(from).map(({ operation }) => operation),
    /** By target: when the fuses in Scheduler fire. */
    fuses: () =>
      Object.fromEntries(
        [...schedules.timers.values()].flatMap((timer) =>
          timer.kind === "fuse" ? [[timer.target, timer.at]] : [],
        ),
      ),
    /** Alice's entry on prod, as it truly is. */
    actual: () => entries.peek(addressOf()),
    namespaces: (target: string) =>
      (entries.peek(addressOf())?.targets[target] ?? []).map((element) =>
        element.replace("ns/", ""),
      ),
  };
}

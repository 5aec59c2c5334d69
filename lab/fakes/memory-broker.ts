/** A whole broker on fakes. People act through the use cases, and tests start converge. */

import { type Delegation, delegationOf } from "../../shared/domain/delegations/delegation.ts";
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import type { Actor } from "../../shared/domain/policy/actor.ts";
import { admit } from "../../shared/domain/policy/admission.ts";
import type { DelegationAsk } from "../../shared/domain/policy/delegation-ask.ts";
import type { ExtensionAsk } from "../../shared/domain/policy/judge-extension.ts";
import { memberOf } from "../../shared/domain/policy/policy.ts";
import type { Ask } from "../../shared/domain/requests/ask.ts";
import type { EndVerb } from "../../shared/domain/requests/audit-event.ts";
import type { Access, AccessRequest } from "../../shared/domain/requests/request.ts";
import { NO_STOPS } from "../../shared/domain/stops/stops.ts";
import type { ElementSet } from "../../shared/domain/values/element-set.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { checkCluster } from "../../shared/usecases/clusters/check-cluster.ts";
import { converge } from "../../shared/usecases/converge/converge.ts";
import type { ConvergeRun } from "../../shared/usecases/converge/converge-run.ts";
import { delegate } from "../../shared/usecases/delegations/delegate.ts";
import { endDelegation } from "../../shared/usecases/delegations/end-delegation.ts";
import { createRequest } from "../../shared/usecases/requests/create-request.ts";
import { decideRequest } from "../../shared/usecases/requests/decide-request.ts";
import { endGrant } from "../../shared/usecases/requests/end-grant.ts";
import { extendGrant } from "../../shared/usecases/requests/extend-grant.ts";
import { ALICE, PROD } from "./builders.ts";
import { type MemoryBrokerOptions, memoryBrokerParts } from "./memory-broker-parts.ts";
import { addressOf, memoryBrokerReads } from "./memory-broker-reads.ts";
import type { CallFault } from "./memory-eks-calls.ts";

export const EDIT = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy";
export const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
/** Earlier than any request of a test. */
const LONG_AGO = "2026-11-01T00:00:00.000Z";

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

export type MemoryBroker = ReturnType<typeof memoryBroker>;

export function memoryBroker(options: MemoryBrokerOptions = {}) {
  const parts = memoryBrokerParts(options);
  const { clock, tables, policy, requests, front, ports, hooks, entries, faults } = parts;
  const actor = (name: string, over: Partial<Actor> = {}): Actor => {
    const member = memberOf(policy, name);
    if (!member) throw new Error(`${name} is not in the policy.`);
    const proof = { gatewayRequestId: "q", callerId: `AROA:${name}` };
    return { member, surface: "api", proof, ...over };
  };
  const bindingOf = ({ cluster, principalArn }: Pick<AccessRequest, "cluster" | "principalArn">) =>
    bindingKey(cluster.arn, principalArn);
  const run = (binding: string, over: Partial<ConvergeRun> = {}) =>
    converge(ports, binding, {
      millisLeft: () => 8_000,
      hold: { extend: async () => true },
      log: (message, facts) => parts.logs.push({ message, facts }),
      ...over,
    });

  return {
    clock,
    tables,
    front,
    ports,
    queue: parts.queue,
    schedules: parts.schedules,
    ledgers: parts.ledgers,
    evidence: parts.evidence,
    /** The chain of stops, which a test may forge. */
    stopRecords: parts.stopRecords,
    stopCopy: parts.stopCopy,
    facts: parts.facts,
    /** The keys of schedules that were to be looked at. */
    looked: parts.outside.sent,
    principals: parts.principals,
    clusters: parts.clusters,
    createdAt: parts.createdAt,
    modes: parts.modes,
    entries,
    faults,
    logs: parts.logs,
    /** All calls of converge to its ports, in order: `entries.read`, `ledgers.save` … */
    calls: hooks.seen,
    ...memoryBrokerReads(parts),
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
      admit(by, grant, parts.settings, clock.now(), false, {
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
  };
}

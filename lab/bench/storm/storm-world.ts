/** The fakes of one storm, with every grant active, and when each grant ended. */

import { PRODUCTION } from "../../../infra/synth/settings.ts";
import { bindingKey } from "../../../shared/domain/entries/binding.ts";
import type { Actor } from "../../../shared/domain/policy/actor.ts";
import { memberOf } from "../../../shared/domain/policy/policy.ts";
import type { Ask } from "../../../shared/domain/requests/ask.ts";
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import type { AccessEntries, EntryAddress } from "../../../shared/ports/access-entries.ts";
import type { ConvergePorts, SweepPorts } from "../../../shared/ports/function-ports.ts";
import type { RequestStore } from "../../../shared/ports/request-store.ts";
import { converge } from "../../../shared/usecases/converge/converge.ts";
import { createRequest } from "../../../shared/usecases/requests/create-request.ts";
import { countedId } from "../../fakes/counted-ids.ts";
import { memoryAccessEntries } from "../../fakes/memory-access-entries.ts";
import { memoryBindingStore } from "../../fakes/memory-binding-store.ts";
import { memoryCircuitStore, memoryClusterFactsStore } from "../../fakes/memory-cluster-stores.ts";
import { memoryDelegationStore } from "../../fakes/memory-delegation-store.ts";
import { memoryEvidenceStore } from "../../fakes/memory-evidence-store.ts";
import { memoryLedgerStore } from "../../fakes/memory-ledger-store.ts";
import { memoryNoticeStore } from "../../fakes/memory-notice-store.ts";
import { memoryNotifyQueue } from "../../fakes/memory-notify-queue.ts";
import { nothingOutside } from "../../fakes/memory-outside-queue.ts";
import { memoryRequestStore } from "../../fakes/memory-request-store.ts";
import { memorySchedules } from "../../fakes/memory-schedules.ts";
import { memoryStopCopyStore, memoryStopStore } from "../../fakes/memory-stop-stores.ts";
import { memoryTables } from "../../fakes/memory-tables.ts";
import type { Random } from "../../simulation/random.ts";
import type { VirtualTime } from "../../simulation/virtual-time.ts";
import { CLUSTERS, clusterArn, type Place, stormPolicy } from "./storm-policy.ts";

/** All ports except the queue. They take effect at once. */
export type FakePorts = Omit<ConvergePorts & SweepPorts, "queue">;

export const bindingOf = ({ cluster, principalArn }: Pick<Place, "cluster" | "principalArn">) =>
  bindingKey(clusterArn(cluster), principalArn);

/** The fakes, and when each binding lost its access. */
export type StormWorld = ReturnType<typeof stormWorld>;

export function stormWorld(time: VirtualTime, random: Random, places: readonly Place[]) {
  const now = () => new Date(time.now).toISOString();
  const tables = memoryTables();
  const schedules = memorySchedules();
  let view = () => 0;
  const entries = memoryAccessEntries({
    now,
    principals: new Map(places.map(({ principalArn }) => [principalArn, `AROA${principalArn}`])),
    clusters: new Set(CLUSTERS.map(clusterArn)),
    view: () => view(),
  });
  /** By binding, when its access was removed, and when its last grant was `ended`. */
  const gone = new Map<string, number>();
  const ended = new Map<string, number>();
  let ids = 0;
  const next = () => {
    ids += 1;
    return ids;
  };
  const ports: FakePorts = {
    requests: watchEnds(memoryRequestStore(tables), (binding) => ended.set(binding, time.now)),
    delegations: memoryDelegationStore(tables),
    bindings: memoryBindingStore(tables),
    ledgers: memoryLedgerStore(),
    clusters: memoryClusterFactsStore(),
    circuits: memoryCircuitStore(),
    stops: memoryStopStore(),
    stopCopy: memoryStopCopyStore(),
    ...nothingOutside(),
    entries: watchRemovals(entries, (binding) => {
      if (!gone.has(binding)) gone.set(binding, time.now);
    }),
    schedules,
    evidence: memoryEvidenceStore(),
    notices: memoryNoticeStore(tables),
    notifyQueue: memoryNotifyQueue(),
    clock: { now },
    ids: { newId: () => countedId(next()), newToken: () => `token-${next()}` },
    random,
    policy: stormPolicy(places),
    settings: PRODUCTION.broker,
  };
  /** From now on EKS and IAM see states that are up to this many seconds old. */
  const lagBy = (seconds: number, lag: Random) => (view = () => lag.between(0, seconds * 1_000));
  return { ports, gone, ended, lagBy, timers: schedules.timers };
}

/** Grants end by the deletion of their entry, or by their fuse. */
function watchRemovals(entries: AccessEntries, removed: (binding: string) => void): AccessEntries {
  const bindingAt = ({ cluster, principalArn }: EntryAddress) =>
    bindingOf({ cluster: cluster.name, principalArn });
  return {
    ...entries,
    async remove(address, session) {
      const record = await entries.remove(address, session);
      removed(bindingAt(address));
      return record;
    },
    async disassociate(address, session, policyArn) {
      const record = await entries.disassociate(address, session, policyArn);
      removed(bindingAt(address));
      return record;
    },
  };
}

function watchEnds(store: RequestStore, ended: (binding: string) => void): RequestStore {
  const see = ({ request: { state, cluster, principalArn } }: Step) => {
    if (state === "ended") ended(bindingKey(cluster.arn, principalArn));
  };
  return {
    ...store,
    async save(step, capacity) {
      await store.save(step, capacity);
      see(step);
    },
    async saveAll(steps) {
      await store.saveAll(steps);
      for (const step of steps) see(step);
    },
  };
}

/** The person of a place, as a caller. */
export function actorOf({ policy }: Pick<FakePorts, "policy">, { person }: Place): Actor {
  const member = memberOf(policy, person);
  if (!member) throw new Error(`${person} is not in the policy. Nothing was run.`);
  return { member, surface: "api", proof: {} };
}

/** Their request: a policy on the whole cluster. */
export const askFor = ({ cluster, principalArn }: Place, over: Partial<Ask>): Ask => ({
  cluster,
  access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
  durationSeconds: 3_600,
  reason: "a storm",
  principalArn,
  startsAt: null,
  rule: null,
  ...over,
});

const NO_QUEUE = {
  send: async () => undefined,
  sendOnce: async () => undefined,
  backlog: async () => 0,
};

/** Gives a place an active grant. */
export async function lend(
  ports: FakePorts,
  place: Place,
  over: Partial<Ask>,
): Promise<AccessRequest & { readonly revokeAt: string }> {
  const settings = { ...ports.settings, requestsPerWindow: Number.POSITIVE_INFINITY };
  const front = { ...ports, queue: NO_QUEUE, settings };
  const { id } = await createRequest(front, actorOf(ports, place), askFor(place, over), undefined);
  await converge({ ...ports, queue: NO_QUEUE }, bindingOf(place), {
    millisLeft: () => PRODUCTION.convergeTimeoutSeconds * 1_000,
    hold: { extend: async () => true },
    log: () => undefined,
  });
  const grant = await ports.requests.load(id);
  const { state, revokeAt } = grant;
  if (state !== "active" || revokeAt === null)
    throw new Error(`The grant of ${place.principalArn} is ${state}; the storm needs it active.`);
  return { ...grant, revokeAt };
}

/** The fakes of one storm, with every grant active, and what is seen of them. */
import { PRODUCTION } from "../../infra/settings.ts";
import type { Ask } from "../../shared/domain/ask.ts";
import { bindingKey } from "../../shared/domain/binding.ts";
import { memberOf } from "../../shared/domain/policy.ts";
import type { AccessEntries, EntryAddress } from "../../shared/ports/access-entries.ts";
import type { ConvergePorts, SweepPorts } from "../../shared/ports/ports.ts";
import type { RequestStore } from "../../shared/ports/request-store.ts";
import { converge } from "../../shared/usecases/converge/converge.ts";
import { createRequest } from "../../shared/usecases/create-request.ts";
import { countedId } from "../../test/fakes/fixed-chance.ts";
import { memoryAccessEntries } from "../../test/fakes/memory-access-entries.ts";
import { memoryBindingStore } from "../../test/fakes/memory-binding-store.ts";
import {
  memoryCircuitStore,
  memoryClusterFactsStore,
} from "../../test/fakes/memory-cluster-stores.ts";
import { memoryLedgerStore } from "../../test/fakes/memory-ledger-store.ts";
import { memoryRequestStore } from "../../test/fakes/memory-request-store.ts";
import { memorySchedules } from "../../test/fakes/memory-schedules.ts";
import { memoryTables } from "../../test/fakes/memory-tables.ts";
import type { Random } from "../../test/simulation/random.ts";
import type { VirtualTime } from "../../test/simulation/virtual-time.ts";
import { ACCOUNT, CLUSTERS, clusterArn, type Place, REGION, stormPolicy } from "./storm-policy.ts";

/** The ports of everything but the queue; they take effect at once. */
export type FakePorts = Omit<ConvergePorts & SweepPorts, "queue">;

export const bindingOf = ({ cluster, principalArn }: Pick<Place, "cluster" | "principalArn">) =>
  bindingKey(clusterArn(cluster), principalArn);

export function stormWorld(time: VirtualTime, random: Random, places: readonly Place[]) {
  const now = () => new Date(time.now).toISOString();
  const tables = memoryTables();
  const schedules = memorySchedules({ account: ACCOUNT, region: REGION });
  const entries = memoryAccessEntries({
    now,
    principals: new Map(places.map(({ principalArn }) => [principalArn, `AROA${principalArn}`])),
    clusters: new Set(CLUSTERS.map(clusterArn)),
  });
  /** By binding: when its access was gone, and when that was told. */
  const gone = new Map<string, number>();
  const told = new Map<string, number>();
  let ids = 0;
  const next = () => {
    ids += 1;
    return ids;
  };
  const ports: FakePorts = {
    requests: watchEnds(memoryRequestStore(tables), (binding) => told.set(binding, time.now)),
    bindings: memoryBindingStore(tables),
    ledgers: memoryLedgerStore(),
    clusters: memoryClusterFactsStore(),
    circuits: memoryCircuitStore(),
    entries: watchRemovals(entries, (binding) => {
      if (!gone.has(binding)) gone.set(binding, time.now);
    }),
    schedules,
    chance: {
      now,
      newId: () => countedId(next()),
      newToken: () => `token-${next()}`,
      fraction: random.fraction,
    },
    policy: stormPolicy(places),
    settings: PRODUCTION.broker,
  };
  return { ports, gone, told, timers: schedules.timers };
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
  return {
    ...store,
    async save(step) {
      await store.save(step);
      const { state, cluster, principalArn } = step.request;
      if (state === "ended") ended(bindingKey(cluster.arn, principalArn));
    },
  };
}

/** Gives a place its grant, active from now on. @returns when its access is to be revoked */
export async function lend(
  ports: FakePorts,
  place: Place,
  durationSeconds: number,
): Promise<string> {
  const member = memberOf(ports.policy, place.person);
  if (!member) throw new Error(`${place.person} is not in the policy. Nothing was lent.`);
  const actor = { member, proof: {} };
  const queue = {
    send: async () => undefined,
    sendOnce: async () => undefined,
    backlog: async () => 0,
  };
  const settings = { ...ports.settings, requestsPerWindow: Number.POSITIVE_INFINITY };
  const ask: Ask = {
    cluster: place.cluster,
    access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
    durationSeconds,
    reason: "a storm",
    principalArn: place.principalArn,
    startsAt: null,
    rule: null,
  };
  const { id } = await createRequest({ ...ports, queue, settings }, actor, ask, undefined);
  const millisLeft = () => PRODUCTION.convergeTimeoutSeconds * 1_000;
  await converge({ ...ports, queue }, bindingOf(place), { millisLeft, log: () => undefined });
  const { state, revokeAt } = await ports.requests.load(id);
  if (state !== "active" || revokeAt === null)
    throw new Error(`The grant of ${place.principalArn} is ${state}; the storm needs it active.`);
  return revokeAt;
}

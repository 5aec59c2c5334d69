/** One broker with everything around it, wired on virtual time: what a run plays in. */
import { PRODUCTION, type StackSettings } from "../infra/synth/settings.ts";
import type { Circuit } from "../shared/domain/clusters/circuit.ts";
import type { Ledger } from "../shared/domain/entries/ledger.ts";
import { clusterOf } from "../shared/domain/values/arn.ts";
import type { EntryAddress } from "../shared/ports/access-entries.ts";
import type { ConvergeQueue } from "../shared/ports/converge-queue.ts";
import type { ConvergePorts, SweepPorts } from "../shared/ports/function-ports.ts";
import { checkCluster } from "../shared/usecases/clusters/check-cluster.ts";
import { converge } from "../shared/usecases/converge/converge.ts";
import { sweep } from "../shared/usecases/converge/sweep.ts";
import { countedId } from "../test/fakes/counted-ids.ts";
import {
  type MemoryAccessEntries,
  memoryAccessEntries,
} from "../test/fakes/memory-access-entries.ts";
import { memoryBindingStore } from "../test/fakes/memory-binding-store.ts";
import {
  memoryCircuitStore,
  memoryClusterFactsStore,
} from "../test/fakes/memory-cluster-stores.ts";
import { memoryLedgerStore } from "../test/fakes/memory-ledger-store.ts";
import { memoryRequestStore } from "../test/fakes/memory-request-store.ts";
import { type ArmedTimer, memorySchedules } from "../test/fakes/memory-schedules.ts";
import { type MemoryTables, memoryTables } from "../test/fakes/memory-tables.ts";
import { PastMap } from "../test/fakes/past-map.ts";
import { FifoQueue } from "./fifo-queue.ts";
import { type Ending, type Invocation, invoke } from "./invocation.ts";
import { Network } from "./network.ts";
import { Oracle } from "./oracle.ts";
import { type Profile, profileOf, unkindnessOf, type Without } from "./profile.ts";
import { type Random, seededRandom } from "./random.ts";
import { readLag } from "./read-lag.ts";
import { scheduleModel } from "./schedule-model.ts";
import { ACCOUNT, bindingAt, CLUSTERS, POLICY, REGION, role } from "./sim-policy.ts";
import { instantOf, VirtualTime } from "./virtual-time.ts";
import {
  watchedEntries,
  watchedLedgers,
  watchedRequests,
  watchedSchedules,
} from "./watched-ports.ts";

/** Lapsing in an hour keeps a run short; everything else is production's. */
export const STACK: StackSettings = {
  ...PRODUCTION,
  broker: { ...PRODUCTION.broker, lapseSeconds: 3_600 },
};

const SECOND = 1_000;
const START = Date.parse("2026-11-24T10:00:00.000Z");

export interface World {
  readonly time: VirtualTime;
  readonly startedAt: number;
  readonly random: Random;
  readonly profile: Profile;
  readonly tables: MemoryTables;
  readonly entries: MemoryAccessEntries;
  readonly timers: Map<string, ArmedTimer>;
  readonly principals: Map<string, string>;
  /** By ARN, the clusters that there are. */
  readonly clusters: Map<string, true>;
  /** By ARN, when principals and clusters were created that have been created anew. */
  readonly createdAt: Map<string, string>;
  readonly queue: FifoQueue;
  readonly oracle: Oracle;
  readonly note: (actor: string, what: () => string) => void;
  /** By binding, what happens while its next run is under way. */
  readonly duringRun: Map<string, (() => void)[]>;
  /** Runs something that people do through the API. */
  readonly front: (
    binding: string | undefined,
    work: (ports: SweepPorts) => Promise<void>,
  ) => Promise<Ending>;
  readonly sweepOnce: () => Promise<Ending>;
  /** How many calls the broker's functions have made to their ports. */
  readonly calls: () => number;
}

export const PRINCIPALS = ["ann", "ben", "oncall"] as const;

/** @param note told of everything that happens; what it is given is only worked out when asked */
export function makeWorld(
  seed: number,
  without: Without,
  note: (at: number, actor: string, what: () => string) => void,
): World {
  const random = seededRandom(seed);
  const profile = profileOf(random, unkindnessOf(seededRandom(-seed), without));
  const startedAt = START + random.whole(0, 59_999);
  const time = new VirtualTime(startedAt);
  const noteNow = (actor: string, what: () => string) => note(time.now, actor, what);
  const tables = memoryTables();
  const ledgers = new Map<string, Ledger>();
  const circuits = new Map<string, Circuit>();
  const now = () => instantOf(time.now);
  const principals = new PastMap<string>(
    now,
    PRINCIPALS.map((name) => [role(name), `AROA${name.toUpperCase()}`]),
  );
  const clusters = new PastMap<true>(
    now,
    Object.values(CLUSTERS).map((arn) => [arn, true]),
  );
  /** When principals and clusters were created that have been created anew. */
  const createdAt = new PastMap<string>(now);
  const entries = memoryAccessEntries({
    now,
    principals,
    clusters,
    createdAt,
    view: readLag({ time, random, profile, note: (what) => noteNow("eks", what) }),
  });
  const memory = memorySchedules({ account: ACCOUNT, region: REGION });
  const oracle = new Oracle({
    time,
    startedAt,
    profile,
    stack: STACK,
    tables,
    timers: memory.timers,
    ledgers,
    circuits,
    peek: (address) => entries.peek(address),
    note: noteNow,
  });

  const duringRun = new Map<string, (() => void)[]>();
  let invocations = 0;
  const skew = () => random.between(-1, 1) * profile.skewSeconds * SECOND;
  const run = (
    kind: string,
    binding: string | undefined,
    seconds: number,
    spared: boolean,
    work: (ports: ConvergePorts & SweepPorts, invocation: Invocation) => Promise<unknown>,
  ): Promise<Ending> => {
    invocations += 1;
    const name = `${kind}#${invocations}`;
    let own: Invocation | undefined;
    const ending = invoke(
      time,
      { name, binding, skew: skew(), spared, millis: seconds * SECOND },
      (invocation) => {
        own = invocation;
        return work(network.portsFor(invocation), invocation);
      },
    );
    return ending.then((how) => {
      if (own) oracle.ended(own, how);
      return how;
    });
  };

  const queue: FifoQueue = new FifoQueue({
    time,
    random,
    visibilitySeconds: STACK.convergeVisibilitySeconds,
    receives: STACK.convergeReceives,
    concurrency: STACK.convergeConcurrency,
    isUp: () => !network.isDown("sqs"),
    duplicated: () => profile.duplicated / 4,
    overlap: () => profile.overlap,
    dead: (group, body) => oracle.deadLetter(group, body),
    kept: (group, until) => oracle.heldUp(group, until),
    receive: ({ group, body, waitedSeconds, last, holds }) => {
      oracle.runBegan(group);
      for (const act of duringRun.get(group) ?? []) time.after(random.between(0, 2 * SECOND), act);
      duringRun.delete(group);
      // Without a sweep nobody sends again what became a dead letter.
      const spared = last && !profile.sweep;
      return run("converge", group, STACK.convergeTimeoutSeconds, spared, (ports, invocation) => {
        noteNow(invocation.name, () => `received ${body}`);
        const log = (message: string, facts: object) =>
          noteNow(invocation.name, () => `${message} ${JSON.stringify(facts)}`);
        const cluster = /^cluster\/(.+)$/.exec(group)?.[1];
        if (cluster !== undefined) return checkCluster(ports, cluster, { log });
        const millisLeft = () => invocation.deadline - time.now;
        const hold = network.holdFor(invocation, () => {
          const held = holds();
          if (!held) oracle.fenced();
          return held;
        });
        return converge(ports, group, { millisLeft, waitedSeconds, hold, log });
      });
    },
  });

  const fire = (timer: ArmedTimer): boolean => {
    if (timer.kind === "revocation") {
      const { binding } = timer;
      if (network.isDown("sqs")) return false;
      noteNow("scheduler", () => `revocation of ${timer.grantId} fires`);
      // Scheduler's messages are deduplicated by their content.
      queue.send(binding, "revocation-time", `${binding} ${timer.grantId}`);
      return true;
    }
    if (network.isDown("eks")) return false;
    const truth = oracle.truths.get(bindingAt(timer.address));
    noteNow("scheduler", () => `fuse of ${timer.target} fires on ${truth?.name}`);
    if (truth) oracle.fuseFires(truth, timer);
    entries.edit(timer.address, (entry) => {
      if (!entry || timer.target === "groups") return undefined;
      const { [timer.target]: _taken, ...left } = entry.targets;
      return { tags: entry.tags, targets: left };
    });
    if (truth) oracle.inspect(truth);
    return true;
  };

  const schedules = scheduleModel({
    time,
    random,
    memory,
    duplicated: profile.duplicated,
    lost: profile.scheduleLost,
    isUp: () => !network.isDown("scheduler"),
    fire,
  });

  let tokens = 0;
  let ids = 0;
  const network: Network = new Network({
    time,
    startedAt,
    random,
    profile,
    watch: oracle,
    reserveMillis: STACK.broker.reserveSeconds * SECOND,
    behind: {
      requests: watchedRequests(memoryRequestStore(tables), oracle),
      bindings: memoryBindingStore(tables),
      ledgers: watchedLedgers(memoryLedgerStore(ledgers), oracle),
      clusters: memoryClusterFactsStore(),
      circuits: memoryCircuitStore(circuits),
      entries: watchedEntries(
        entries,
        oracle,
        () => time.now - startedAt < profile.deletionRefusedSeconds * SECOND,
      ),
      schedules: watchedSchedules(schedules, oracle),
      queue: conveyor(queue, () => {
        tokens += 1;
        return `send-${tokens}`;
      }),
      clock: { now: () => instantOf(time.now) },
      ids: {
        newId: () => {
          ids += 1;
          return countedId(ids);
        },
        newToken: () => {
          tokens += 1;
          return `token-${tokens}`;
        },
      },
      random: { fraction: () => random.fraction() },
      policy: POLICY,
      settings: STACK.broker,
    },
  });

  return {
    time,
    startedAt,
    random,
    profile,
    tables,
    entries,
    timers: memory.timers,
    principals,
    clusters,
    createdAt,
    queue,
    oracle,
    note: noteNow,
    duringRun,
    // Without a sweep, nobody else sends what the API was kept from sending.
    front: (binding, work) => run("api", binding, 10, !profile.sweep, work),
    calls: () => network.calls,
    sweepOnce: () =>
      run("sweep", undefined, 30, false, async (ports, invocation) => {
        const report = await sweep(ports);
        noteNow(invocation.name, () => JSON.stringify(report));
      }),
  };
}

/** The queue as the broker sends to it: the group is the binding, the id fresh for every send. */
function conveyor(queue: FifoQueue, fresh: () => string): ConvergeQueue {
  return {
    send: async (subject, cause) => queue.send(subject, cause, fresh()),
    backlog: async () => queue.size,
    sendOnce: async (subject, cause, turn) => queue.send(subject, cause, [subject, turn].join(" ")),
  };
}

/** The entry of a principal on a cluster. */
export function addressOf(cluster: string, principal: string): EntryAddress {
  return { cluster: clusterOf(CLUSTERS[cluster] ?? ""), principalArn: role(principal) };
}

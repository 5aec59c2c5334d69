/** Converge behind its queue, configured as in the stack, on virtual time. */
import { PRODUCTION } from "../../../infra/synth/settings.ts";
import type { ConvergePorts, SweepPorts } from "../../../shared/ports/function-ports.ts";
import { checkCluster } from "../../../shared/usecases/clusters/check-cluster.ts";
import { converge } from "../../../shared/usecases/converge/converge.ts";
import { sweep } from "../../../shared/usecases/converge/sweep.ts";
import type { SweepMemory } from "../../../shared/usecases/converge/sweep-memory.ts";
import { type Ending, invoke } from "../../simulation/invocation.ts";
import { FifoQueue, type Received } from "../../simulation/network/fifo-queue.ts";
import type { Random } from "../../simulation/random.ts";
import type { VirtualTime } from "../../simulation/virtual-time.ts";
import { callTime } from "./call-times.ts";
import type { FakePorts } from "./storm-world.ts";
import type { TokenBucket } from "./token-bucket.ts";
import { wiredPorts } from "./wired-ports.ts";
import type { CallCounts } from "./wired-ports-options.ts";

const SECOND = 1_000;

export interface StormBrokerOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly ports: FakePorts;
  /** The rate limit of EKS. */
  readonly bucket: TokenBucket;
  /** Whether a cluster answers at the moment. */
  readonly answers: (cluster: string) => boolean;
  /** Milliseconds that a call of Scheduler takes, at least and at most. */
  readonly schedulerMillis?: readonly [number, number];
  /** Called after each run of a binding, with when it began and what it called. */
  readonly ran?: (binding: string, startedAt: number, counts: CallCounts) => void;
}

export interface StormBroker {
  readonly queue: FifoQueue;
  /** How many runs are under way. */
  readonly working: () => number;
  /** The ports of the function that sends to the queue. */
  readonly behind: ConvergePorts & SweepPorts;
  /** Sweeps every period from then on. */
  readonly sweepFrom: (at: number) => void;
}

export function stormBroker(options: StormBrokerOptions): StormBroker {
  const { time, random, ports } = options;
  let working = 0;
  const queue = new FifoQueue({
    time,
    random,
    visibilitySeconds: PRODUCTION.convergeVisibilitySeconds,
    receives: PRODUCTION.convergeReceives,
    concurrency: PRODUCTION.convergeConcurrency,
    isUp: () => true,
    duplicated: () => 0,
    kept: () => undefined,
    dead: (group) => {
      throw new Error(
        `The message of ${group} became a dead letter, although nothing here may fail.`,
      );
    },
    receive: async (received) => {
      working += 1;
      const done = await runOnce(options, behind, received);
      working -= 1;
      return done;
    },
  });
  const behind = withQueue(ports, queue);
  const memory: SweepMemory = {};
  const sweepFrom = (at: number): void =>
    time.at(at, () => {
      const deadline = at + PRODUCTION.broker.sweepPeriodSeconds * SECOND;
      const wired = wiredPorts({ ...options, counts: noCalls(), behind }, deadline);
      void sweep(wired, memory);
      sweepFrom(deadline);
    });
  return { queue, working: () => working, behind, sweepFrom };
}

const noCalls = (): CallCounts => ({ eks: 0, throttled: 0, reads: 0 });

async function runOnce(
  options: StormBrokerOptions,
  behind: ConvergePorts & SweepPorts,
  { group, body, waitedSeconds, holds }: Received,
): Promise<Ending> {
  const { time, random, ran } = options;
  await time.delay(callTime(random, "invocation"));
  const millis = PRODUCTION.convergeTimeoutSeconds * SECOND;
  const startedAt = time.now;
  const counts = noCalls();
  const ports = wiredPorts({ ...options, counts, behind }, startedAt + millis);
  const log = () => undefined;
  const extend = async () => {
    await time.delay(callTime(random, "aws"));
    return holds();
  };
  const run = { name: group, binding: group, skew: 0, spared: false, millis };
  const done = await invoke(time, run, ({ deadline }) => {
    const cluster = /^cluster\/(.+)$/.exec(group)?.[1];
    if (cluster !== undefined) return checkCluster(ports, cluster, { log });
    const millisLeft = () => deadline - time.now;
    const isDriftCheck = body === "drift-check";
    return converge(ports, group, {
      millisLeft,
      hold: { extend },
      isDriftCheck,
      waitedSeconds,
      log,
    });
  });
  if (done.kind === "failed") throw done.error;
  ran?.(group, startedAt, counts);
  return done;
}

function withQueue(ports: FakePorts, queue: FifoQueue): ConvergePorts & SweepPorts {
  let sent = 0;
  return {
    ...ports,
    queue: {
      send: async (subject, cause) => {
        sent += 1;
        queue.send(subject, cause, `${sent}`);
      },
      sendOnce: async (subject, cause, turn) => queue.send(subject, cause, `${subject} ${turn}`),
      backlog: async () => queue.size,
    },
  };
}

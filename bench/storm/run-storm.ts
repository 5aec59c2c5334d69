/**
 * One storm: many grants that end in the same minute, on virtual time. The use cases and the
 * settings are the real ones; the queue, the schedules, the tables and EKS are models that take
 * their time.
 */
import { PRODUCTION } from "../../infra/settings.ts";
import type { ConvergePorts, SweepPorts } from "../../shared/ports/ports.ts";
import { checkCluster } from "../../shared/usecases/check-cluster.ts";
import { converge } from "../../shared/usecases/converge/converge.ts";
import { sweep } from "../../shared/usecases/sweep.ts";
import type { ArmedTimer } from "../../test/fakes/memory-schedules.ts";
import { FifoQueue } from "../../test/simulation/fifo-queue.ts";
import { invoke } from "../../test/simulation/invocation.ts";
import { seededRandom } from "../../test/simulation/random.ts";
import { VirtualTime } from "../../test/simulation/virtual-time.ts";
import { callTime } from "./call-times.ts";
import { DEAD, placesOf } from "./storm-policy.ts";
import { bindingOf, lend, stormWorld } from "./storm-world.ts";
import { TokenBucket } from "./token-bucket.ts";
import { type CallCounts, wiredPorts } from "./wired-ports.ts";

export interface StormPlan {
  readonly seed: number;
  /** How many entries have a grant that ends in the storm's minute. */
  readonly ending: number;
  /** How many more have a grant that goes on. */
  readonly lasting?: number;
  /** Calls a second that EKS lets through. */
  readonly perSecond: number;
  /** Whether one cluster of the ten never answers. */
  readonly dead?: boolean;
  /** For how long no cluster answers, from the instant when the grants' time is over. In seconds. */
  readonly outageSeconds?: number;
  /** Whether the schedules of the grants that end never fire: the sweep alone ends them in time. */
  readonly unscheduled?: boolean;
}

/** Seconds count from the grants' `revokeAt`, when their time is over. */
export interface StormResult {
  /** Grants on clusters that answer. */
  readonly grants: number;
  /** When the access of the last of them was gone; Infinity where that was not seen. */
  readonly lastGone: number;
  /** When the end of the last of them was told, after its absence was read back. */
  readonly lastTold: number;
  /** How many ended, as it was told, after `expiresAt`. */
  readonly late: number;
  /** How many of them a fuse had ended before converge came to them. */
  readonly fuses: number;
  /** Calls of fuses that were let through, to clusters that then did not answer. */
  readonly fuseCallsInVain: number;
  /** How many of their messages were worked on from `revokeAt` on. */
  readonly runs: number;
  /** What those took. */
  readonly counts: CallCounts;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const START = Date.parse("2026-11-24T10:00:00.000Z");
const ENDING_SECONDS = 600;
const LASTING_SECONDS = 172_800;
/** A schedule is late by up to this, in milliseconds. */
const LATENESS = 59 * SECOND;
/** How long Scheduler tries to fire a fuse. */
const FUSE_AGE = 3_600 * SECOND;
/** The first pause of Scheduler, and the longest, where EKS turned a fuse away. */
const FUSE_PAUSES = [15 * SECOND, 600 * SECOND] as const;
/** So many times the time that the calls take is waited for the last end. */
const PATIENCE = 3;

const { broker, convergeTimeoutSeconds } = PRODUCTION;
const MARGIN = broker.marginSeconds * SECOND;
const REVOKE_AT = START + ENDING_SECONDS * SECOND - MARGIN;

export async function runStorm(plan: StormPlan): Promise<StormResult> {
  const { ending, lasting = 0, perSecond, dead = false, outageSeconds = 0 } = plan;
  const { unscheduled = false } = plan;
  const time = new VirtualTime(START);
  const random = seededRandom(plan.seed);
  const places = placesOf(ending + lasting);
  const world = stormWorld(time, random, places);
  for (const [at, place] of places.entries()) {
    const ends = at < ending;
    const revokeAt = await lend(world.ports, place, ends ? ENDING_SECONDS : LASTING_SECONDS);
    if (ends && Date.parse(revokeAt) !== REVOKE_AT)
      throw new Error(`A grant ends at ${revokeAt}, not with the others.`);
  }
  const storming = places.slice(0, ending);
  const watched = storming.filter(({ cluster }) => !(dead && cluster === DEAD)).map(bindingOf);

  const outageEnd = REVOKE_AT + outageSeconds * SECOND;
  const bucket = new TokenBucket(time, perSecond);
  const answers = (cluster: string) =>
    !(dead && cluster === DEAD) && !(REVOKE_AT <= time.now && time.now < outageEnd);
  const counts: CallCounts = { eks: 0, throttled: 0, reads: 0 };
  const counted = new Set(watched);
  let working = 0;
  let runs = 0;
  let fuses = 0;
  let fuseCallsInVain = 0;

  /** The ports of an invocation, and what it calls through them. */
  const portsUntil = (deadline: number) => {
    const own: CallCounts = { eks: 0, throttled: 0, reads: 0 };
    return {
      own,
      ports: wiredPorts({ time, random, bucket, counts: own, answers, behind }, deadline),
    };
  };

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
      throw new Error(`The message of ${group} became a dead letter: nothing here may fail.`);
    },
    receive: async ({ group, waitedSeconds }) => {
      working += 1;
      await time.delay(callTime(random, "invocation"));
      const millis = convergeTimeoutSeconds * SECOND;
      const { own, ports } = portsUntil(time.now + millis);
      const isEnd = counted.has(group) && time.now >= REVOKE_AT;
      const of = { name: group, binding: group, skew: 0, spared: false, millis };
      const log = () => undefined;
      const done = await invoke(time, of, ({ deadline }) => {
        const cluster = /^cluster\/(.+)$/.exec(group)?.[1];
        if (cluster !== undefined) return checkCluster(ports, cluster, { log });
        const millisLeft = () => deadline - time.now;
        return converge(ports, group, { millisLeft, waitedSeconds, log });
      });
      if (done.kind === "failed") throw done.error;
      if (isEnd) {
        runs += 1;
        add(counts, own);
      }
      working -= 1;
      return done;
    },
  });
  let sent = 0;
  const behind: ConvergePorts & SweepPorts = {
    ...world.ports,
    queue: {
      send: async (subject, cause) => {
        sent += 1;
        queue.send(subject, cause, `${sent}`);
      },
      sendOnce: async (subject, cause, turn) => queue.send(subject, cause, `${subject} ${turn}`),
      backlog: async () => queue.waiting,
    },
  };

  /** A fuse is one call of Scheduler's own, under the same rate, and repeated until it is let through. */
  const fire = async (name: string, timer: ArmedTimer, pause: number): Promise<void> => {
    if (world.timers.get(name) !== timer) return;
    if (timer.kind === "revocation") {
      world.timers.delete(name);
      queue.send(timer.binding, "revocation-time", `${timer.binding} ${timer.grantId}`);
      return;
    }
    if (time.now > Date.parse(timer.at) + FUSE_AGE) return;
    const letThrough = bucket.take();
    const answered = letThrough && answers(timer.address.cluster.name);
    if (letThrough && !answered) fuseCallsInVain += 1;
    if (!answered) {
      const longer = Math.min(2 * pause, FUSE_PAUSES[1]);
      time.after(pause * random.between(0.5, 1), () => void fire(name, timer, longer));
      return;
    }
    world.timers.delete(name);
    const session = { sessionName: "fuse", sourceIdentity: "scheduler" };
    const { cluster, principalArn } = timer.address;
    const binding = bindingOf({ cluster: cluster.name, principalArn });
    if (counted.has(binding) && !world.gone.has(binding)) fuses += 1;
    await world.ports.entries.disassociate(timer.address, session, timer.target);
  };
  const fires = ({ kind, at }: ArmedTimer) =>
    !(unscheduled && kind === "revocation" && Date.parse(at) === REVOKE_AT);
  for (const [name, timer] of [...world.timers].filter(([, timer]) => fires(timer)))
    time.at(
      Date.parse(timer.at) + random.between(0, LATENESS),
      () => void fire(name, timer, FUSE_PAUSES[0]),
    );

  const sweepFrom = (at: number) =>
    time.at(at, () => {
      void sweep(portsUntil(at + MINUTE).ports);
      sweepFrom(at + MINUTE);
    });
  sweepFrom(START + random.between(0, MINUTE));

  const ideal = ((4 * ending) / perSecond) * SECOND + 2 * MINUTE;
  const givenUpAt = outageEnd + PATIENCE * ideal;
  const isOver = () => world.told.size >= watched.length && working === 0;
  await time.run(() => isOver() || time.now > givenUpAt);

  const last = (seen: ReadonlyMap<string, number>) =>
    Math.max(...watched.map((binding) => seen.get(binding) ?? Number.POSITIVE_INFINITY));
  const inTime = watched.filter(
    (binding) => (world.told.get(binding) ?? Number.POSITIVE_INFINITY) <= REVOKE_AT + MARGIN,
  );
  return {
    grants: watched.length,
    lastGone: (last(world.gone) - REVOKE_AT) / SECOND,
    lastTold: (last(world.told) - REVOKE_AT) / SECOND,
    late: watched.length - inTime.length,
    fuses,
    fuseCallsInVain,
    runs,
    counts,
  };
}

function add(sum: CallCounts, more: CallCounts): void {
  sum.eks += more.eks;
  sum.throttled += more.throttled;
  sum.reads += more.reads;
}

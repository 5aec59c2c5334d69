/**
 * One storm: many grants that end in the same minute, on virtual time. The use cases and the settings
 * are production's. The queue, the schedules, the tables and EKS are models with latencies.
 */
import { PRODUCTION } from "../../../infra/synth/settings.ts";
import { seededRandom } from "../../simulation/random.ts";
import { VirtualTime } from "../../simulation/virtual-time.ts";
import { stormBroker } from "./storm-broker.ts";
import { DEAD, placesOf } from "./storm-policy.ts";
import { fireTimers } from "./storm-scheduler.ts";
import { bindingOf, lend, type StormWorld, stormWorld } from "./storm-world.ts";
import { TokenBucket } from "./token-bucket.ts";
import type { CallCounts } from "./wired-ports-options.ts";

export interface StormPlan {
  readonly seed: number;
  /** How many entries have a grant that ends in the storm's minute. */
  readonly ending: number;
  /** How many more entries have a grant that continues. */
  readonly lasting?: number;
  /** Calls a second that EKS accepts. */
  readonly perSecond: number;
  /** How far reads and judgements of EKS may be behind, in seconds. */
  readonly lagSeconds?: number;
  /** Whether one cluster of the ten never answers. */
  readonly dead?: boolean;
  /** Seconds during which no cluster answers, from the grants' `revokeAt`. */
  readonly outageSeconds?: number;
  /** Whether the schedules of the ending grants never fire, so that only the sweep ends them. */
  readonly unscheduled?: boolean;
  /** Whether Scheduler fires everything in the first second of the minute. */
  readonly burst?: boolean;
}

/** Seconds count from the grants' `revokeAt`. */
export interface StormResult {
  /** Grants on clusters that answer. */
  readonly grants: number;
  /** When the last access was removed; Infinity where one never was. */
  readonly lastGone: number;
  /** When the last grant became `ended`, after a read proved the removal. */
  readonly lastEnded: number;
  /** How many had access after `expiresAt`. */
  readonly late: number;
  /** How many of them a fuse ended before converge did. */
  readonly fuses: number;
  /** Calls of fuses that the rate limit accepted and the cluster did not answer. */
  readonly unansweredFuseCalls: number;
  /** How many runs of converge they took, from `revokeAt` on. */
  readonly runs: number;
  /** The calls that those runs made. */
  readonly counts: CallCounts;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const START = Date.parse("2026-11-24T10:00:00.000Z");
const ENDING_SECONDS = 600;
const LASTING_SECONDS = 172_800;
/** The storm is given up after this many times the time that its calls need. */
const PATIENCE = 3;

const { broker } = PRODUCTION;
const MARGIN = broker.marginSeconds * SECOND;
const REVOKE_AT = START + ENDING_SECONDS * SECOND - MARGIN;

export async function runStorm(plan: StormPlan): Promise<StormResult> {
  const { ending, perSecond, dead = false, outageSeconds = 0, lagSeconds = 0 } = plan;
  const time = new VirtualTime(START);
  const random = seededRandom(plan.seed);
  const world = await lentWorld(plan, time);
  const storming = placesOf(ending);
  const watched = storming.filter(({ cluster }) => !(dead && cluster === DEAD)).map(bindingOf);
  const outageEnd = REVOKE_AT + outageSeconds * SECOND;
  const answers = (cluster: string) =>
    !(dead && cluster === DEAD) && !(REVOKE_AT <= time.now && time.now < outageEnd);
  const counted = new Set(watched);
  const sum = { runs: 0, counts: { eks: 0, throttled: 0, reads: 0 } };
  const bucket = new TokenBucket(time, perSecond);
  world.lagBy(lagSeconds, random);
  const { queue, working, sweepFrom } = stormBroker({
    time,
    random,
    ports: world.ports,
    bucket,
    answers,
    ran: (binding, startedAt, counts) => {
      if (!counted.has(binding) || startedAt < REVOKE_AT) return;
      sum.runs += 1;
      add(sum.counts, counts);
    },
  });
  const fuses = startTimers(plan, world, counted, {
    time,
    random,
    letsThrough: (cluster) => (bucket.take() ? answers(cluster) : undefined),
    send: (binding, id) => queue.send(binding, "revocation-time", id),
  });
  sweepFrom(START + random.between(0, MINUTE));
  const sweeps = ending / broker.sweepLimit;
  const ideal = ((4 * ending) / perSecond) * SECOND + (2 + sweeps) * MINUTE;
  const givenUpAt = outageEnd + PATIENCE * ideal;
  const isOver = () => world.ended.size >= watched.length && working() === 0;
  await time.run(() => isOver() || time.now > givenUpAt);
  return { ...sum, ...fuses, ...timesOf(world, watched) };
}

/** The world with every grant active. */
async function lentWorld(
  { seed, ending, lasting = 0 }: StormPlan,
  time: VirtualTime,
): Promise<StormWorld> {
  const places = placesOf(ending + lasting);
  const world = stormWorld(time, seededRandom(-seed), places);
  for (const [at, place] of places.entries()) {
    const ends = at < ending;
    const durationSeconds = ends ? ENDING_SECONDS : LASTING_SECONDS;
    const { revokeAt } = await lend(world.ports, place, { durationSeconds });
    if (ends && Date.parse(revokeAt) !== REVOKE_AT)
      throw new Error(`A grant ends at ${revokeAt}, not at the same time as the others.`);
  }
  return world;
}

interface TimerPorts {
  readonly time: VirtualTime;
  readonly random: ReturnType<typeof seededRandom>;
  /** Whether a call to a cluster is answered; undefined where EKS throttles it. */
  readonly letsThrough: (cluster: string) => boolean | undefined;
  readonly send: (binding: string, deduplicationId: string) => void;
}

/** Starts schedules and fuses. A fuse's call counts towards the same rate. @returns live counts */
function startTimers(
  { unscheduled = false, burst = false }: StormPlan,
  { ports, timers, gone }: StormWorld,
  counted: ReadonlySet<string>,
  { time, random, letsThrough, send }: TimerPorts,
) {
  const counts = { fuses: 0, unansweredFuseCalls: 0 };
  const session = { sessionName: "fuse", sourceIdentity: "scheduler" };
  const names = [...timers].flatMap(([name, { kind, at }]) =>
    unscheduled && kind === "revocation" && Date.parse(at) === REVOKE_AT ? [] : name,
  );
  const options = {
    time,
    random,
    timers,
    isBurst: burst,
    send: (timer: { readonly binding: string; readonly grantId: string | null }) =>
      send(timer.binding, `${timer.binding} ${timer.grantId}`),
    strike: ({ address, target }: Parameters<typeof ports.schedules.armFuse>[0]) => {
      const isAnswered = letsThrough(address.cluster.name);
      if (isAnswered === false) counts.unansweredFuseCalls += 1;
      if (!isAnswered) return false;
      const { cluster, principalArn } = address;
      const binding = bindingOf({ cluster: cluster.name, principalArn });
      if (counted.has(binding) && !gone.has(binding)) counts.fuses += 1;
      void ports.entries.disassociate(address, session, target);
      return true;
    },
  };
  fireTimers(options, names);
  return counts;
}

function timesOf({ gone, ended }: StormWorld, watched: readonly string[]) {
  const when = (seen: ReadonlyMap<string, number>, binding: string) =>
    seen.get(binding) ?? Number.POSITIVE_INFINITY;
  const last = (seen: ReadonlyMap<string, number>) =>
    Math.max(...watched.map((binding) => when(seen, binding)));
  return {
    grants: watched.length,
    lastGone: (last(gone) - REVOKE_AT) / SECOND,
    lastEnded: (last(ended) - REVOKE_AT) / SECOND,
    late: watched.filter((binding) => when(gone, binding) > REVOKE_AT + MARGIN).length,
  };
}

function add(sum: CallCounts, more: CallCounts): void {
  sum.eks += more.eks;
  sum.throttled += more.throttled;
  sum.reads += more.reads;
}

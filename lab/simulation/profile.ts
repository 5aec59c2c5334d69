import type { Random } from "./random.ts";

/** The services that may be down. */
export type Service = "dynamodb" | "eks" | "iam" | "scheduler" | "sqs";

interface Outage {
  readonly service: Service;
  /** Milliseconds since the run began. */
  readonly from: number;
  readonly to: number;
}

/**
 * Faults that AWS's documentation allows, and that seldom occur. Probabilities are per call or per
 * event.
 */
export interface Unkindness {
  /** How far behind reads of EKS and IAM may be, in seconds. */
  readonly readLagSeconds: number;
  /** A read may show an older state than the previous read. */
  readonly readsGoBack: boolean;
  /**
   * The seconds within which EKS and Scheduler may still apply a change that its caller has given
   * up.
   */
  readonly lateSeconds: number;
  /** How often a kept connection is dead after a pause, so that the first read over it fails. */
  readonly deadConnection: number;
  /** How often a message is delivered again while a run of it is under way. */
  readonly overlap: number;
  /**
   * The seconds for which EKS refuses to delete entries, as if somebody had removed the tag that
   * permits it.
   */
  readonly deletionRefusedSeconds: number;
  /** Somebody requests access to one entry every ten seconds. */
  readonly busy: boolean;
}

/** The kinds of unkindness that a run can leave out. */
export const UNKINDNESSES = ["lag", "overlap", "lateness"] as const;
export type Without = ReadonlySet<(typeof UNKINDNESSES)[number]>;

/** The kinds and amounts of faults in a run. Probabilities are per call, or per event. */
export interface Profile extends Unkindness {
  readonly name: "calm" | "skewed" | "sweepless" | "stormy" | "outage";
  readonly sweep: boolean;
  /** Every clock is off by at most this, either way, in seconds. */
  readonly skewSeconds: number;
  readonly throttled: number;
  readonly crashBefore: number;
  readonly crashAfter: number;
  readonly unansweredApplied: number;
  readonly unansweredLate: number;
  readonly slow: number;
  /** How often two transactions conflict. */
  readonly conflict: number;
  /** How often a schedule, or a message that was handled, is delivered twice. */
  readonly duplicated: number;
  readonly scheduleLost: number;
  /** How often the API fails to send to the queue, so that only the sweep starts converge. */
  readonly wakeLost: number;
  /** How often somebody deletes schedules by hand. */
  readonly scheduleDeleted: number;
  readonly outages: readonly Outage[];
  /** When faults of calls stop, so that the run can finish. Milliseconds since the start. */
  readonly faultsUntil: number;
  /** How many edits others make, and how often an edit waits until converge is idle. */
  readonly edits: number;
  readonly politeness: number;
  readonly forgeries: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How long AWS accepts a signed request. */
const SIGNATURE_SECONDS = 300;

/**
 * Draws a seed's tests besides its profile. Reads lag in half of the seeds, and go back in time in
 * half of those. Runs overlap in half of the seeds. A part that is left out is still drawn, so that
 * a seed has the same lag with overlaps and without.
 */
export function unkindnessOf(random: Random, without: Without): Unkindness {
  const lag = random.pick([0, 0, 0, 0, 2, 10, 45, 45]);
  const readsGoBack = random.chance(0.5);
  const deadConnection = random.pick([0, 0, 0.3]);
  const overlap = random.pick([0, 0, 0.3, 0.7]);
  const deletionRefusedSeconds = random.chance(0.05) ? random.pick([900, 2_400]) : 0;
  const busy = random.chance(0.03);
  return {
    deletionRefusedSeconds,
    busy,
    readLagSeconds: without.has("lag") ? 0 : lag,
    readsGoBack,
    deadConnection: without.has("lag") ? 0 : deadConnection,
    overlap: without.has("overlap") ? 0 : overlap,
    lateSeconds: without.has("lateness") ? 60 : SIGNATURE_SECONDS,
  };
}

const NOTHING = {
  sweep: true,
  skewSeconds: 0,
  throttled: 0,
  crashBefore: 0,
  crashAfter: 0,
  unansweredApplied: 0,
  unansweredLate: 0,
  slow: 0,
  conflict: 0,
  duplicated: 0,
  scheduleLost: 0,
  wakeLost: 0,
  scheduleDeleted: 0,
  outages: [],
  faultsUntil: 2.5 * HOUR,
  edits: 0,
  politeness: 1,
  forgeries: 0,
} as const;

const DURATIONS = [MINUTE, 10 * MINUTE, HOUR] as const;
const DAY = 24 * HOUR;

const FAULTS = [
  "throttled",
  "crashBefore",
  "crashAfter",
  "unansweredApplied",
  "unansweredLate",
  "slow",
  "conflict",
] as const;

/** The fault that finds the most: it is drawn more often. */
const LATE = "unansweredLate";

/** All faults, each seldom; or a single fault, often. */
function faultsOf(random: Random): Readonly<Record<(typeof FAULTS)[number], number>> {
  const often = random.chance(0.6) ? random.pick([...FAULTS, LATE, LATE]) : undefined;
  const rate = often ? random.pick([0.05, 0.15]) : random.pick([0.005, 0.02, 0.05]);
  const rateOf = (fault: (typeof FAULTS)[number]) =>
    often === undefined || often === fault ? rate : 0;
  return {
    throttled: rateOf("throttled"),
    crashBefore: rateOf("crashBefore"),
    crashAfter: rateOf("crashAfter"),
    unansweredApplied: rateOf("unansweredApplied"),
    unansweredLate: rateOf("unansweredLate"),
    slow: rateOf("slow"),
    conflict: rateOf("conflict"),
  };
}

/**
 * Draws the profile of a seed. A sweep repairs most faults, and so hides defects. Some runs
 * therefore have no sweep, and only faults that schedules and the queue's retries must survive.
 * Other runs have no faults, and must keep tight bounds.
 */
export function profileOf(random: Random, unkindness: Unkindness): Profile {
  const edits = random.chance(0.5) ? random.pick([1, 2, 4]) : 0;
  const forgeries = random.chance(0.3) ? random.whole(1, 2) : 0;
  const common = { ...NOTHING, ...unkindness, edits, forgeries };
  const die = random.fraction();
  if (die < 0.3) return { ...common, name: "calm", duplicated: random.pick([0, 0.2]) };
  if (die < 0.4)
    return { ...common, name: "skewed", skewSeconds: 5, duplicated: 0.1, scheduleLost: 0.05 };
  if (die < 0.6) {
    const rate = random.pick([0, 0.01, 0.03]);
    return {
      ...common,
      name: "sweepless",
      sweep: false,
      crashBefore: rate,
      crashAfter: rate,
      duplicated: 0.2,
    };
  }
  const storm = {
    ...common,
    skewSeconds: random.pick([0, 5]),
    ...faultsOf(random),
    duplicated: 0.1,
    scheduleLost: 0.1,
    wakeLost: random.pick([0, 0, 0.5]),
    scheduleDeleted: 0.1,
    politeness: random.pick([1, 0.5]),
  };
  if (die < 0.85) return { ...storm, name: "stormy" };
  const length = random.chance(0.06) ? DAY : random.pick(DURATIONS);
  const from = random.between(0, random.pick([0.5, 1.5]) * HOUR);
  const services = ["dynamodb", "eks", "iam", "scheduler", "sqs"] as const;
  // People who cannot reach the broker edit entries by hand.
  const busy = { edits: Math.max(edits, random.pick([0, 2, 5])) };
  const outages = [{ service: random.pick(services), from, to: from + length }];
  const quiet = random.chance(0.5) ? { ...common, politeness: 0.5 } : storm;
  return { ...quiet, ...busy, name: "outage", outages };
}

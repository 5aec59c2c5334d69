/** The storms of the bench, and the bounds of each. */
import { PRODUCTION } from "../../../infra/synth/settings.ts";
import type { Figure } from "./figure.ts";
import { runStorm, type StormPlan, type StormResult } from "./run-storm.ts";

/** DescribeAccessEntry, ListAssociatedAccessPolicies, DeleteAccessEntry, DescribeAccessEntry. */
const CALLS_PER_END = 4;
/** Ledger, binding, circuit. */
const READS_PER_RUN = 3;
/** A storm may take at most this multiple of the time that its calls need. */
const SLACK = 1.2;
/** The last schedule fires by then, so that no storm is over before it. In seconds. */
const SCHEDULE_MINUTE = 59;
/** DescribeAccessEntry, ListAssociatedAccessPolicies. */
const CALLS_PER_LOOK = 2;
/** How much of the rate fuses may spend on a cluster that does not answer, in percent. */
const FUSES_SHARE = 10;
/** Within this time after an outage, in seconds, all overdue access is removed. */
const RECOVERY = 120;

const { marginSeconds, sweepPeriodSeconds, sweepLimit, readLagSeconds, clockDifferenceSeconds } =
  PRODUCTION.broker;
/** How many drift checks the sweeps send. */
const LOOKS_PER_SECOND = sweepLimit / sweepPeriodSeconds;
/** Within this time, in seconds, the next sweep finds a due binding and a run handles it. */
const ONE_SWEEP = sweepPeriodSeconds + PRODUCTION.convergeTimeoutSeconds;

/** A sweep reserves this many places for confirmations, even while a cluster is down. */
const CONFIRMATIONS_PER_SWEEP = 0.4 * sweepLimit;

/**
 * Within how many seconds of its removal a grant is `ended`. The removal must first show in reads;
 * then each sweep confirms a limited number.
 */
const confirmed = (ends: number): number =>
  readLagSeconds +
  clockDifferenceSeconds +
  ONE_SWEEP +
  sweepPeriodSeconds * Math.floor(ends / CONFIRMATIONS_PER_SWEEP);

/** One storm, and its figures. */
export interface Scenario {
  readonly title: string;
  readonly plan: StormPlan;
  /** Whether `--quick` includes it. */
  readonly isQuick?: boolean;
  readonly figures: (result: StormResult) => readonly Figure[];
}

/** When the last access was removed, and when the last grant was `ended`. */
const lastFigures = (
  name: string,
  subject: string,
  result: Pick<StormResult, "grants" | "lastGone" | "lastEnded">,
  bound: number,
): readonly Figure[] => [
  {
    name: `lastGone.${name}`,
    what: `last removal of ${subject}`,
    value: result.lastGone,
    bound,
    unit: "s",
  },
  {
    name: `lastEnded.${name}`,
    what: `last \`ended\` of ${subject}`,
    value: result.lastEnded,
    bound: bound + confirmed(result.grants),
    unit: "s",
  },
];

/**
 * All grants end in one minute, and one cluster of ten never answers. The bound counts the calls
 * that EKS must accept. These are four for each entry, and one more where its fuse was faster. A
 * throttled attempt uses nothing of the rate, so it costs only time.
 */
export const crowd = (ending: number, perSecond: number, seed: number, burst = false): Scenario => {
  const name = `n${ending}.r${perSecond}.seed${seed}${burst ? ".burst" : ""}`;
  const at = burst ? "in one second" : "in one minute";
  return {
    title: `${ending} ends ${at}, ${perSecond} calls a second, one cluster of ten dead`,
    plan: { seed, ending, perSecond, dead: true, burst },
    isQuick: ending <= 100 || (burst && ending <= 1_000),
    figures: (result) => {
      const calls = CALLS_PER_END * result.grants + result.fuses;
      const bound = SLACK * Math.max(calls / perSecond, SCHEDULE_MINUTE);
      return [
        ...lastFigures(name, `${result.grants} ends ${at}, ${perSecond}/s`, result, bound),
        {
          name: `unansweredFuseCalls.${name}`,
          what: `of the rate spent on fuses of the dead cluster, ${ending} at ${perSecond}/s`,
          value: (100 * result.unansweredFuseCalls) / (result.lastEnded * perSecond),
          bound: FUSES_SHARE,
          unit: "%",
        },
      ];
    },
  };
};

/** How many calls one end needs among many live grants, and whether it is in time. */
export const among = (live: number, perSecond: number, ending: number): Scenario => ({
  title: `${ending} ends among ${live} live grants, ${perSecond} calls a second`,
  plan: { seed: 1, ending, lasting: live - ending, perSecond },
  isQuick: live <= 1_000,
  figures: ({ grants, runs, counts, late }) => [
    {
      name: `callsPerEnd.live${live}.r${perSecond}`,
      what: `EKS calls an end, among ${live} live grants`,
      value: counts.eks / grants,
      bound: CALLS_PER_END,
      unit: "calls",
    },
    {
      name: `readsPerRun.live${live}.r${perSecond}`,
      what: `table reads a run, among ${live} live grants`,
      value: counts.reads / runs,
      bound: READS_PER_RUN,
      unit: "reads",
    },
    lateFigure(`live${live}.r${perSecond}`, `among ${live} live grants`, perSecond, late),
  ],
});

const lateFigure = (name: string, where: string, perSecond: number, late: number): Figure => ({
  name: `late.${name}`,
  what: `had access after expiresAt, ${where}, ${perSecond}/s`,
  value: late,
  bound: 0,
  unit: "grants",
});

/**
 * No schedule fires, and overdue drift checks of the grants that continue fill every sweep. A sweep
 * finds what ended since the last one, and the next run of converge removes it. Where drift checks
 * need more calls than EKS accepts, ends wait for their share of the rate. They are still in time.
 */
export const unscheduled = (live: number, perSecond: number, ending: number): Scenario => ({
  title: `${ending} ends without a schedule among ${live} live grants, ${perSecond} calls a second`,
  plan: { seed: 1, ending, lasting: live - ending, perSecond, unscheduled: true },
  isQuick: live <= 2_000,
  figures: (result) =>
    lastFigures(
      `unscheduled.live${live}.r${perSecond}`,
      `${result.grants} ends that only the sweep finds, among ${live}`,
      result,
      perSecond < LOOKS_PER_SECOND * CALLS_PER_LOOK ? marginSeconds : ONE_SWEEP,
    ),
});

/** How many simultaneous ends the rate can serve in time, with the same slack. */
const servedInMargin = (perSecond: number): number =>
  Math.floor((perSecond * marginSeconds) / (SLACK * CALLS_PER_END));

/** Without faults, no end is late. */
export const faultless = (perSecond: number, seed: number): Scenario => {
  const ending = servedInMargin(perSecond);
  return {
    title: `${ending} ends at once without a fault, ${perSecond} calls a second`,
    plan: { seed, ending, perSecond },
    isQuick: true,
    figures: ({ late }) => [
      lateFigure(`n${ending}.r${perSecond}.seed${seed}`, `${ending} at once`, perSecond, late),
    ],
  };
};

/** No cluster answers when a hundred grants end. */
export const outage = (outageSeconds: number, seed: number): Scenario => ({
  title: `100 ends in an outage of ${outageSeconds / 60} min`,
  plan: { seed, ending: 100, perSecond: 20, outageSeconds },
  isQuick: outageSeconds <= 600,
  figures: ({ grants, lastGone, lastEnded }) =>
    lastFigures(
      `outage${outageSeconds / 60}min.seed${seed}`,
      `${grants} ends after an outage of ${outageSeconds / 60} min`,
      { grants, lastGone: lastGone - outageSeconds, lastEnded: lastEnded - outageSeconds },
      RECOVERY,
    ),
});

const MINUTE = 60;
const RATES = [20, 5];
const SEEDS = [1, 2, 3];

/** Every storm of the bench. */
export const SCENARIOS: readonly Scenario[] = [
  ...RATES.flatMap((perSecond) => [
    ...SEEDS.map((seed) => crowd(100, perSecond, seed)),
    ...SEEDS.map((seed) => crowd(1_000, perSecond, seed)),
    crowd(10_000, perSecond, 1),
    crowd(1_000, perSecond, 1, true),
    crowd(10_000, perSecond, 1, true),
  ]),
  ...[10, 100, 1_000, 10_000].map((live) => among(live, 20, 10)),
  ...RATES.map((perSecond) => unscheduled(10_000, perSecond, 10)),
  ...RATES.flatMap((perSecond) => SEEDS.map((seed) => faultless(perSecond, seed))),
  ...[1, 10, 60].flatMap((minutes) => SEEDS.map((seed) => outage(minutes * MINUTE, seed))),
  outage(24 * 60 * MINUTE, 1),
];

/** @param lagSeconds how far reads of EKS may be behind; the bounds do not depend on it */
export const play = async (
  { plan, figures }: Scenario,
  lagSeconds: number,
): Promise<readonly Figure[]> => figures(await runStorm({ ...plan, lagSeconds }));

/** Faults of notices in one run of the simulation. Probabilities are per call or per event. */
import type { Random } from "../random.ts";

/** How Slack fares: `healthy` and `absent` override what the seed draws, to compare two lives. */
export type SlackHealth = "drawn" | "healthy" | "absent";

interface SlackOutage {
  /** How calls fail: at once with a 5xx, by a timeout, or not at all and only slowly. */
  readonly kind: "errors" | "timeouts" | "slow";
  /** Milliseconds since the run began. */
  readonly from: number;
  readonly to: number;
}

/** A channel or a person that Slack refuses, until somebody repairs it. */
interface Refusal {
  readonly to: string;
  readonly reason: string;
  /** Milliseconds since the run began. */
  readonly until: number;
}

interface SlackProfile {
  /** A 5xx: Slack did not take the call. */
  readonly failed: number;
  /** No answer within the timeout, and no effect. */
  readonly silent: number;
  /** No answer within the timeout, and Slack took the call. */
  readonly answerLost: number;
  /** No answer within the timeout, and the call takes effect some seconds later. */
  readonly late: number;
  /** A 429 with Retry-After. */
  readonly limited: number;
  readonly slow: number;
  readonly outages: readonly SlackOutage[];
  readonly refusals: readonly Refusal[];
}

interface BusProfile {
  readonly failed: number;
  /** It takes the first events of a call, and refuses the others. */
  readonly takesSome: number;
  readonly answerLost: number;
}

/** Faults of the function, its queue and its table. */
interface NotifyProfile {
  readonly crashBefore: number;
  readonly crashAfter: number;
  readonly tableFailed: number;
  readonly tableAnswerLost: number;
  /** A write of the notice item meets a transaction of the request. */
  readonly conflict: number;
  readonly wakeLost: number;
  readonly wakeLate: number;
  readonly wakeDuplicated: number;
  /** A message is received again while a run of it is under way. */
  readonly overlap: number;
}

export interface NoticeProfile {
  readonly slack: SlackProfile;
  readonly bus: BusProfile;
  readonly notify: NotifyProfile;
  /** When faults of calls stop. Milliseconds since the start. */
  readonly faultsUntil: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const HEALTHY: SlackProfile = {
  failed: 0,
  silent: 0,
  answerLost: 0,
  late: 0,
  limited: 0,
  slow: 0,
  outages: [],
  refusals: [],
};

const ABSENT: SlackProfile = { ...HEALTHY, outages: [{ kind: "timeouts", from: 0, to: HOUR }] };

const REFUSALS = [
  { to: "C0001", reason: "channel-not-found" },
  { to: "C0002", reason: "not-in-channel" },
  { to: "ann", reason: "person-unknown" },
  { to: "cat", reason: "account-inactive" },
] as const;

const RATES = [0, 0, 0.02, 0.1, 0.3] as const;

/** Draws what a seed tests of notices. In a quarter of the seeds nothing goes wrong. */
export function noticeProfileOf(random: Random, health: SlackHealth): NoticeProfile {
  const isCalm = random.chance(0.25);
  const rate = () => (isCalm ? 0 : random.pick(RATES));
  const seldom = () => rate() / 4;
  const slack = drawnSlack(random, rate, isCalm);
  const bus = { failed: rate(), takesSome: rate(), answerLost: rate() };
  const notify = {
    crashBefore: seldom(),
    crashAfter: seldom(),
    tableFailed: seldom(),
    tableAnswerLost: seldom(),
    conflict: seldom(),
    wakeLost: rate(),
    wakeLate: rate(),
    wakeDuplicated: rate(),
    overlap: rate(),
  };
  const chosen = { drawn: slack, healthy: HEALTHY, absent: ABSENT }[health];
  return { slack: chosen, bus, notify, faultsUntil: 1.5 * HOUR };
}

function drawnSlack(random: Random, rate: () => number, isCalm: boolean): SlackProfile {
  const from = random.between(0, 30 * MINUTE);
  const length = random.pick([MINUTE, 10 * MINUTE, HOUR]);
  const kind = random.pick(["errors", "timeouts", "slow"] as const);
  const refusal = { ...random.pick(REFUSALS), until: random.pick([20 * MINUTE, 24 * HOUR]) };
  return {
    failed: rate(),
    silent: rate() / 2,
    answerLost: rate() / 2,
    late: rate() / 2,
    limited: rate(),
    slow: rate(),
    outages: !isCalm && random.chance(0.4) ? [{ kind, from, to: from + length }] : [],
    refusals: !isCalm && random.chance(0.4) ? [refusal] : [],
  };
}

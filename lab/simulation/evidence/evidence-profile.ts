/** Faults of CloudTrail and of evidence in one life. Probabilities are per record or call. */
import type { Random } from "../random.ts";

/**
 * How evidence fares, to compare lives. `healthy`: nothing goes wrong. `absent`: CloudTrail shows
 * nothing, no call is stored, and correlate does not run.
 */
export type EvidenceHealth = "drawn" | "healthy" | "absent";

export interface TrailProfile {
  /** CloudTrail never shows a record, nowhere. */
  readonly lost: number;
  /** EventBridge loses a record, and the event history has it. */
  readonly undelivered: number;
  /** Others have used up the limit of lookups in the event history. */
  readonly throttled: number;
  readonly doubled: number;
  /** A second record corrects the first, and comes before or after it. */
  readonly corrected: number;
  /** A record takes more than an hour, and sometimes more than a day. */
  readonly late: number;
  /** How long a record takes otherwise, at most. Milliseconds. */
  readonly usual: number;
  /** Whether the events of other accounts and regions are forwarded to the broker's bus. */
  readonly isForwarded: boolean;
}

export const EVIDENCE_FAULTS = [
  "crashBefore",
  "crashAfter",
  "failed",
  "answerLost",
  "landsLate",
] as const;
export type EvidenceFault = (typeof EVIDENCE_FAULTS)[number];

/** How calls of a function to the store of evidence fare. */
export type StoreFaults = Readonly<Record<EvidenceFault, number>>;

export interface EvidenceProfile {
  readonly trail: TrailProfile;
  /**
   * Faults of converge's calls. Most seeds have no such fault, so that other rules keep tight
   * bounds.
   */
  readonly converge: StoreFaults;
  readonly correlate: StoreFaults;
  /** How long converge's calls take, in milliseconds. */
  readonly convergeMillis: readonly [number, number];
  /** How often a handled message is not deleted, and how often SQS refuses to hide one for longer. */
  readonly queue: { readonly duplicated: number; readonly undelayed: number };
  /** How many changes others make to entries that no grant is about. */
  readonly strangers: number;
  /** Every call of converge to the store but those for additions fails. CloudTrail and correlate are absent. */
  readonly isAbsent: boolean;
  /** When faults of converge's calls, and of correlate's, stop. Milliseconds since the start. */
  readonly faultsUntil: { readonly converge: number; readonly correlate: number };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const NO_FAULTS: StoreFaults = {
  crashBefore: 0,
  crashAfter: 0,
  failed: 0,
  answerLost: 0,
  landsLate: 0,
};

const RATES = [0, 0, 0.02, 0.1, 0.3] as const;

/** Draws what a seed tests of evidence. In a quarter of the seeds nothing goes wrong. */
export function evidenceProfileOf(random: Random, health: EvidenceHealth): EvidenceProfile {
  const isCalm = random.chance(0.25);
  const rate = () => (isCalm ? 0 : random.pick(RATES));
  const drawn: EvidenceProfile = {
    trail: {
      lost: rate() / 2,
      undelivered: rate(),
      throttled: rate(),
      doubled: rate(),
      corrected: rate(),
      late: rate() / 2,
      usual: random.pick([5 * MINUTE, 15 * MINUTE, HOUR]),
      isForwarded: random.chance(0.5),
    },
    converge: faultsOf(random, random.chance(0.3) ? rate : () => 0),
    correlate: faultsOf(random, rate),
    convergeMillis: [0, 0],
    queue: { duplicated: rate() / 2, undelayed: rate() / 2 },
    strangers: random.whole(0, 4),
    isAbsent: false,
    // Calls that CloudTrail does not show are recorded as missing a day later.
    faultsUntil: { converge: 3 * HOUR, correlate: 27 * HOUR },
  };
  if (health === "drawn") return drawn;
  const kind = { lost: 0, undelivered: 0, throttled: 0, doubled: 0, corrected: 0, late: 0 };
  const trail = { ...drawn.trail, ...kind };
  const queue = { duplicated: 0, undelayed: 0 };
  const isAbsent = health === "absent";
  return { ...drawn, trail, queue, converge: NO_FAULTS, correlate: NO_FAULTS, isAbsent };
}

function faultsOf(random: Random, rate: () => number): StoreFaults {
  const some = () => rate() / random.pick([3, 6]);
  return {
    crashBefore: some(),
    crashAfter: some(),
    failed: some(),
    answerLost: some(),
    landsLate: some(),
  };
}

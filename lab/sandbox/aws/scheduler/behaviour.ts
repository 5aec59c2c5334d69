import { createHash } from "node:crypto";

/** The fates of an `at()` that lies in the past when it is made. */
export const PAST_AT = ["accept-never-fire", "accept-fire-now", "reject"] as const;

/**
 * How well the emulated Scheduler keeps time. May be changed while it runs: what it says counts
 * from the engine's next `wake`.
 */
export interface Behaviour {
  /** The greatest delay of an occurrence, in seconds; AWS promises less than 60. */
  jitterSeconds: number;
  /** The probability that an occurrence comes twice: AWS promises at least once. 0 to 1. */
  duplicateProbability: number;
  /** The probability that an occurrence never comes, which AWS promises not to happen. 0 to 1. */
  lossProbability: number;
  /**
   * The fate of an `at()` that lies in the past when it is made. AWS documents nothing and reports
   * contradict each other, so a client must be right under all three.
   */
  pastAt: (typeof PAST_AT)[number];
  /**
   * How many schedules an account may have in a region.
   * https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
   */
  mostSchedules: number;
}

/** The quota of an account that never had it changed. */
export const USUAL_MOST_SCHEDULES = 10_000_000;

/** As AWS describes itself, at its most usual. */
export function usualBehaviour(): Behaviour {
  return {
    jitterSeconds: 59,
    duplicateProbability: 0,
    lossProbability: 0,
    pastAt: "accept-never-fire",
    mostSchedules: USUAL_MOST_SCHEDULES,
  };
}

/** A number in [0, 1) that depends on nothing but its arguments, whenever it is asked for. */
export function fractionFor(seed: string, purpose: string, occurrence: string): number {
  const digest = createHash("sha256").update(`${seed} ${purpose} ${occurrence}`).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

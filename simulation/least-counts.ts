/** How often things must go wrong, so that a search for broken invariants proves something. */
import type { Counts } from "./tally.ts";

/** For so many seeds the least counts are given. */
export const SEEDS = 2_000;

/** About half of what 2,000 seeds give, by group and name. What is much rarer is held in no quick test. */
const LEAST: Counts = {
  calls: {
    throttled: 6_000,
    outage: 5_000,
    crashBefore: 4_000,
    crashAfter: 2_500,
    unansweredApplied: 2_500,
    unansweredLate: 3_500,
    slow: 2_500,
    cutOff: 3_500,
    deadConnection: 1_700,
    conflict: 200,
  },
  "entries.associate": { unansweredLate: 30 },
  "entries.disassociate": { unansweredLate: 20 },
  "ledgers.save": { unansweredLate: 250, conflict: 60 },
  runs: {
    "converge crashed": 2_500,
    overlap: 1_300,
    "fenced by the ledger": 400,
    "fenced by the message": 40,
  },
  reads: { stale: 35_000, goBack: 3_000 },
  messages: { wakeLost: 1_700, deliveredAgain: 1_300 },
  schedules: {
    revocationFires: 2_000,
    revocationTwice: 190,
    revocationLost: 40,
    fuseFires: 150,
  },
  notices: { crashAfter: 9_000, answerLost: 1_200, late: 1_400, limited: 4_000, overtaken: 450 },
  evidence: { answerLost: 6_500, landsLate: 600, crashBefore: 8_000 },
  ends: {
    strictly: 1_000,
    looselyAfterFault: 1_200,
    looselyAfterEdit: 180,
    looselyWithoutSweep: 400,
  },
};

/**
 * In words, what happened less often than the least counts, and how many ends nobody judged; nothing
 * where a search was good enough.
 *
 * @param seeds how many of them gave the counts
 */
export function tooLittle(counts: Counts, seeds: number): readonly string[] {
  const unjudged = counts["ends"]?.["byNobody"] ?? 0;
  const seldom = Object.entries(LEAST).flatMap(([group, own]) =>
    Object.entries(own).flatMap(([name, each]) => {
      const least = Math.floor((each * seeds) / SEEDS);
      const count = counts[group]?.[name] ?? 0;
      return count < least ? [`${group}: ${name} ${count} times, at least ${least} expected`] : [];
    }),
  );
  return unjudged > 0 ? [`ends: ${unjudged} judged by nobody`, ...seldom] : seldom;
}

/** How often things must go wrong, so that a search for broken invariants proves something. */
import type { Counts } from "./tally.ts";

/** For so many seeds the least counts are given. */
export const SEEDS = 2_000;

/** About a third of what 2,000 seeds give, by group and name: some faults are many in few seeds. */
const LEAST: Counts = {
  calls: {
    throttled: 3_500,
    outage: 5_000,
    crashBefore: 2_500,
    crashAfter: 2_000,
    unansweredApplied: 1_600,
    unansweredLate: 2_400,
    slow: 1_800,
    cutOff: 2_400,
    deadConnection: 1_200,
    conflict: 150,
  },
  "entries.associate": { unansweredApplied: 4, unansweredLate: 6 },
  "entries.disassociate": { unansweredApplied: 3, unansweredLate: 6 },
  "entries.remove": { unansweredApplied: 1, unansweredLate: 4 },
  "ledgers.save": { unansweredLate: 170, conflict: 20 },
  runs: {
    "converge crashed": 2_000,
    "converge outOfTime": 2,
    overlap: 1_000,
    "fenced by the ledger": 300,
    "fenced by the message": 20,
  },
  reads: { stale: 25_000, goBack: 1_500 },
  messages: { wakeLost: 1_100, deliveredAgain: 900 },
  schedules: { revocationFires: 1_500, revocationTwice: 150, revocationLost: 20, fuseFires: 100 },
  notices: { crashAfter: 6_000, answerLost: 900, late: 1_000, limited: 2_500, overtaken: 300 },
  evidence: { answerLost: 4_500, landsLate: 400, crashBefore: 5_000 },
  ends: { strictly: 1_000, looselyAfterEdit: 120, looselyWithoutSweep: 350 },
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

/** How often things must go wrong, so that a search for broken invariants proves something. */
import type { Hardship } from "../faults/hardship.ts";
import type { Counts } from "./tally.ts";

/** The number of seeds that the least counts are for. */
export const SEEDS = 2_000;

/** Each kind of fault that lasts comes in few lives, so that a quick search need not meet it. */
const OF_HARDSHIPS: Readonly<Record<Hardship, number>> = {
  stsFails: 24,
  additionDenied: 24,
  clusterThrottled: 24,
  regionDown: 24,
  fusesRefused: 24,
  sweepDropped: 24,
  indexStale: 24,
  partlyVisible: 8,
  recordExpired: 24,
  configMap: 24,
  ruleNarrowed: 19,
  clusterRetired: 13,
  tagRemoved: 24,
  crowd: 24,
  timeUsedUp: 24,
  grantsOlder: 5,
  stopsUnread: 24,
  besideExtension: 24,
  evidenceSlow: 24,
};

/**
 * About a third of what 2,000 seeds give, by group and name, and less where the few seeds of the quick
 * test give less: some faults are many in few seeds.
 */
const LEAST: Counts = {
  calls: {
    throttled: 3_500,
    outage: 10_000,
    crashBefore: 2_100,
    crashAfter: 2_000,
    unansweredApplied: 900,
    unansweredLate: 1_900,
    slow: 1_800,
    cutOff: 2_500,
    deadConnection: 1_100,
    conflict: 420,
  },
  hardships: OF_HARDSHIPS,
  "entries.create": { crashAfter: 30, unansweredApplied: 18, unansweredLate: 25 },
  "entries.updateGroups": { crashAfter: 36, unansweredApplied: 13, unansweredLate: 40 },
  "entries.associate": { crashAfter: 95, unansweredApplied: 24, unansweredLate: 90 },
  "entries.disassociate": { crashAfter: 85, unansweredApplied: 24, unansweredLate: 75 },
  "entries.remove": { crashAfter: 37, unansweredApplied: 18, unansweredLate: 36 },
  "ledgers.save": { crashAfter: 520, unansweredApplied: 140, unansweredLate: 700, conflict: 145 },
  "requests.save": { crashAfter: 170, unansweredApplied: 40, unansweredLate: 245, conflict: 140 },
  "requests.saveAll": { crashAfter: 21, unansweredLate: 19, conflict: 22 },
  runs: {
    "converge crashed": 3_100,
    "converge outOfTime": 40,
    overlap: 1_500,
    "fenced by the ledger": 530,
    "fenced by the message": 24,
  },
  reads: { stale: 34_000, goBack: 2_000 },
  messages: { wakeLost: 1_900, deliveredAgain: 1_500 },
  schedules: { revocationFires: 2_200, revocationTwice: 240, revocationLost: 80, fuseFires: 50 },
  notices: { crashAfter: 6_900, answerLost: 1_100, late: 1_400, limited: 3_000, overtaken: 490 },
  evidence: { answerLost: 6_500, landsLate: 500, crashBefore: 6_400 },
  ends: {
    strictly: 700,
    looselyAfterFault: 1_200,
    looselyAfterEdit: 70,
    looselyWithoutSweep: 310,
  },
  status: { "on one cluster": 8_000, everywhere: 1_600 },
  departures: {
    clusterRetired: 24,
    clusterLeft: 24,
    principalLeft: 20,
    personLeft: 16,
    ruleLeft: 14,
  },
  impatient: {
    "sent again": 650,
    "read as stored": 165,
    "read as not stored": 43,
    "taken back": 60,
    request: 280,
    revoke: 79,
    approve: 76,
    cancel: 70,
    return: 43,
    deny: 15,
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
      const share = (each * seeds) / SEEDS;
      // Few seeds scatter more, by the root of what they should have.
      const least = Math.floor(seeds < SEEDS ? share - Math.sqrt(share) : share);
      const count = counts[group]?.[name] ?? 0;
      return count < least ? [`${group}: ${name} ${count} times, at least ${least} expected`] : [];
    }),
  );
  return unjudged > 0 ? [`ends: ${unjudged} judged by nobody`, ...seldom] : seldom;
}

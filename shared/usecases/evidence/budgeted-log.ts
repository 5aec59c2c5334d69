/**
 * A log that is asked about one window and refuses what would cost too much. CloudWatch charges for
 * what it scans: all that the group holds of the time, whatever is asked. It does not say beforehand
 * how much that is. So the first minute is read, and the rest is taken to be as dense.
 */
import type { ActivityWindow } from "../../domain/evidence/activity/activity-window.ts";
import { earliest, plusSeconds, secondsBetween } from "../../domain/values/instant.ts";
import type { ActivityLog, LogAnswer } from "../../ports/activity-log.ts";

const PROBE_SECONDS = 60;

export interface BudgetedLog {
  /**
   * Asks only about the first minute.
   *
   * @param queries how many queries about the whole window are to follow
   * @returns `too-large` where those would cost too much; undefined where there is no log
   */
  probe(query: string, queries: number): Promise<LogAnswer | "too-large" | undefined>;

  /** Asks about the whole window, unless the scan would then be too large. */
  ask(query: string): Promise<LogAnswer | "too-large">;

  /** Bytes that all queries scanned. */
  scannedBytes(): number;
}

/** @param maxBytes the most that all queries together may scan */
export function budgetedLog(
  log: ActivityLog,
  { clusterArn, from, until }: ActivityWindow,
  maxBytes: number,
): BudgetedLog {
  let scanned = 0;
  /** Bytes that one query about the whole window scans, as far as it is known. */
  let expected = 0;
  const run = async (query: string, to: string): Promise<LogAnswer | undefined> => {
    const answer = await log.ask({ clusterArn, query, from, until: to });
    scanned += answer?.scannedBytes ?? 0;
    return answer;
  };
  return {
    scannedBytes: () => scanned,
    async probe(query, queries) {
      const to = earliest([plusSeconds(from, PROBE_SECONDS), until]) ?? until;
      const answer = await run(query, to);
      const share = secondsBetween(from, until) / Math.max(1, secondsBetween(from, to));
      expected = (answer?.scannedBytes ?? 0) * Math.max(1, share);
      return scanned + queries * expected > maxBytes ? "too-large" : answer;
    },
    async ask(query) {
      if (scanned + expected > maxBytes) return "too-large";
      const answer = await run(query, until);
      if (answer === undefined)
        throw new Error(
          `The audit log of ${clusterArn} went away while it was read. Nothing was recorded; the next run asks again.`,
        );
      expected = Math.max(expected, answer.scannedBytes);
      return answer;
    },
  };
}

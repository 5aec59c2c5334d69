/** Asks a cluster's audit log what was done with one grant, within a limit of what it may cost. */
import { activityQueries, MOST_ROWS } from "../../domain/evidence/activity/activity-queries.ts";
import type { ActivitySummary } from "../../domain/evidence/activity/activity-summary.ts";
import type { ActivityWindow } from "../../domain/evidence/activity/activity-window.ts";
import { NOTHING, summarizeActivity } from "../../domain/evidence/activity/summarize-activity.ts";
import type { ActivityLog, LogAnswer } from "../../ports/activity-log.ts";
import { budgetedLog } from "./budgeted-log.ts";

const BYTES_OF_GB = 1e9;
/** The counts, and the marks or the search for any event at all. */
const WHOLE_QUERIES = 2;

type Found = Partial<ActivitySummary> & Pick<ActivitySummary, "state" | "query">;

/**
 * @param maxScanGb the most that may be scanned, in GB of 10^9 bytes
 * @throws what the log throws; nothing is known then
 */
export async function askActivity(
  log: ActivityLog,
  window: ActivityWindow,
  maxScanGb: number,
): Promise<ActivitySummary> {
  const { from, until } = window;
  const budgeted = budgetedLog(log, window, maxScanGb * BYTES_OF_GB);
  const { alive, counts: countsQuery, marks: marksQuery } = activityQueries(window);
  const found = async (): Promise<Found> => {
    const tooLarge = { state: "too-large", query: null } as const;
    const probe = await budgeted.probe(alive, WHOLE_QUERIES);
    if (probe === undefined) return { state: "logging-off", query: null };
    const counts = probe === "too-large" ? probe : await budgeted.ask(countsQuery);
    if (probe === "too-large" || counts === "too-large") return tooLarge;
    if (counts.rows.length === 0) {
      const any = isAlive(probe) ? probe : await budgeted.ask(alive);
      if (any === "too-large") return tooLarge;
      return isAlive(any)
        ? { state: "read", query: countsQuery }
        : { state: "logging-off", query: alive };
    }
    const marks = await budgeted.ask(marksQuery);
    if (marks === "too-large") return tooLarge;
    const isCut = [counts, marks].some(({ rows }) => rows.length >= MOST_ROWS);
    const rows = { counts: counts.rows, marks: marks.rows, isCut };
    const query = `${countsQuery}\n\n${marksQuery}`;
    return { state: "read", query, ...summarizeActivity(rows, window) };
  };
  const summary = { ...NOTHING, ...(await found()), from, until };
  return { ...summary, scannedBytes: budgeted.scannedBytes() };
}

/** A cluster's own components make requests all the time, so a log without any is switched off. */
const isAlive = ({ rows }: LogAnswer): boolean => Number(rows[0]?.["events"] ?? 0) > 0;

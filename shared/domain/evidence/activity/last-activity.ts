import type { EvidenceRecord } from "../evidence-record.ts";
import type { ActivitySummary } from "./activity-summary.ts";

/** The last summary of what was done with a grant, from the records of its evidence; undefined without one. */
export function lastActivity(records: readonly EvidenceRecord[]): ActivitySummary | undefined {
  const last = records.findLast(({ type }) => type === "activity");
  return last?.type === "activity" ? last.details : undefined;
}

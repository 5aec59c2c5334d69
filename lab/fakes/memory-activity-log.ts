import { MOST_ROWS } from "../../shared/domain/evidence/activity/activity-queries.ts";
import type { ActivityLog, LogQuery } from "../../shared/ports/activity-log.ts";
import { fieldsOf, type LogEvent } from "../sandbox/aws/logs/event-fields.ts";
import { parseQuery } from "../sandbox/aws/logs/parse-query.ts";
import { runQuery } from "../sandbox/aws/logs/run-query.ts";

export interface MemoryActivityLog extends ActivityLog {
  /** By the cluster's ARN; undefined for a cluster that never wrote a log. */
  readonly events: Map<string, readonly LogEvent[]>;
  /** All queries, oldest first. */
  readonly asked: LogQuery[];
}

/** Audit logs in memory, asked in CloudWatch's language as the sandbox understands it. */
export function memoryActivityLog(): MemoryActivityLog {
  const events = new Map<string, readonly LogEvent[]>();
  const asked: LogQuery[] = [];
  return {
    events,
    asked,
    async ask(query) {
      asked.push(query);
      const all = events.get(query.clusterArn);
      const commands = parseQuery(query.query);
      if (all === undefined) return undefined;
      const from = Math.floor(Date.parse(query.from) / 1_000) * 1_000;
      const until = Math.ceil(Date.parse(query.until) / 1_000) * 1_000 + 999;
      const scanned = all
        .filter(({ timestamp }) => timestamp >= from && timestamp <= until)
        .toSorted((a, b) => b.timestamp - a.timestamp);
      const rows = scanned.map((event, at) => fieldsOf(event, query.clusterArn, at));
      return {
        rows: runQuery(commands, rows, MOST_ROWS).rows.map((row) => Object.fromEntries(row)),
        scannedBytes: scanned.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0),
      };
    },
  };
}

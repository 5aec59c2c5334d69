import type { LogEvent } from "./event-fields.ts";
import type { Row } from "./query.ts";

export interface StartedQuery {
  readonly group: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly rows: readonly Row[];
  readonly statistics: Readonly<Record<string, number>>;
}

export interface LogsOptions {
  readonly account: string;
  readonly region: string;
  /** The events of a log group; undefined where there is no such group. */
  readonly events: (group: string) => readonly LogEvent[] | undefined;
  /** How long a query runs. */
  readonly queryMilliseconds?: number;
}

export interface LogsContext extends LogsOptions {
  /** By id. They are forgotten when the sandbox stops. */
  readonly queries: Map<string, StartedQuery>;
}

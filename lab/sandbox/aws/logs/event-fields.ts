import type { Row } from "./query.ts";

/** An event as a log group holds it. */
export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
  readonly logStream: string;
}

/**
 * The number of fields that are found in a JSON event; further ones exist only in `@message`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
 */
const MOST_FIELDS = 200;

/** Every field of an event: those that begin with `@`, and those of its JSON by their paths. */
export function fieldsOf(event: LogEvent, log: string, position: number): Row {
  const fields = new Map<string, string>();
  addFields(fields, "", jsonIn(event.message));
  for (const name of [...fields.keys()].slice(MOST_FIELDS)) fields.delete(name);
  fields.set("@timestamp", timestampText(event.timestamp));
  fields.set("@message", event.message);
  fields.set("@logStream", event.logStream);
  fields.set("@log", log);
  fields.set("@ptr", Buffer.from(`${log}/${event.logStream}/${position}`).toString("base64"));
  return fields;
}

/** `2026-11-24 10:00:00.000`, in UTC. */
const timestampText = (at: number): string =>
  new Date(at).toISOString().replace("T", " ").replace("Z", "");

function jsonIn(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

/** Members and elements by their path: `user.extra.arn.0`. */
function addFields(fields: Map<string, string>, path: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (typeof value !== "object") {
    if (path !== "") fields.set(path, String(value));
    return;
  }
  for (const [name, member] of Object.entries(value))
    addFields(fields, path === "" ? name : `${path}.${name}`, member);
}

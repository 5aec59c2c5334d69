import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";

interface LineFault {
  /** Counted from 1. */
  readonly line: number;
  readonly detail: string;
}

export interface AuditFile {
  readonly events: readonly AuditEvent[];
  /** Lines that are no audit events. */
  readonly faults: readonly LineFault[];
}

/** Reads NDJSON, one audit event a line. Only empty lines are passed over. */
export function parseAuditFile(text: string): AuditFile {
  const events: AuditEvent[] = [];
  const faults: LineFault[] = [];
  for (const [at, line] of text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === "") continue;
    const parsed = parseLine(line);
    if (typeof parsed === "string") faults.push({ line: at + 1, detail: parsed });
    else events.push(parsed);
  }
  return { events, faults };
}

const STRINGS = ["requestId", "type", "to", "actor", "at", "previousHash", "hash"] as const;

/** @returns why it is no event, where it is none */
function parseLine(line: string): AuditEvent | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "This is not JSON.";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return "This is no JSON object.";
  const event = value as Readonly<Record<string, unknown>>;
  if (event["schema"] !== 1)
    return "This is no audit event of schema 1, the one that this timelatch knows.";
  const wrong = STRINGS.find((name) => typeof event[name] !== "string");
  if (wrong !== undefined) return `This is no audit event: it has no text as ${wrong}.`;
  const { seq } = event;
  if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 1)
    return "This is no audit event: its seq is no number counted from 1.";
  return value as AuditEvent;
}

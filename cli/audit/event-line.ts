/** Reads one line of an export, strictly: what another reader might read otherwise is no event. */
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import { LIFECYCLE } from "../../shared/domain/requests/lifecycle.ts";
import {
  isCanonicalNumber,
  parseStrictJson,
  StrictJsonError,
} from "../../shared/domain/values/strict-json.ts";

/** Longer than any event that DynamoDB can hold, with each byte as an escape. */
export const LONGEST_LINE_BYTES = 4 * 1024 * 1024;

const DEEPEST = 32;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SHA_256 = /^[0-9a-f]{64}$/;
const TYPES = new Set(["request", ...Object.values(LIFECYCLE).flatMap(Object.keys)]);

export const isText = (value: unknown): value is string =>
  typeof value === "string" && value !== "";
const isState = (value: unknown) => isText(value) && Object.hasOwn(LIFECYCLE, value);
export const isHash = (value: unknown) => isText(value) && SHA_256.test(value);
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Only in this form is the order of texts that of time. A day that no calendar has is not valid.
 */
export function isInstant(value: unknown): boolean {
  if (!isText(value)) return false;
  const time = Date.parse(value);
  return !Number.isNaN(time) && new Date(time).toISOString() === value;
}

/** Every member of an event, with what it has to be. */
const MEMBERS: Readonly<
  Record<keyof AuditEvent, readonly [holds: (value: unknown) => boolean, what: string]>
> = {
  schema: [(value) => value === 1, "1, the schema that this timelatch knows"],
  requestId: [(value) => isText(value) && UUID.test(value), "a UUID"],
  seq: [(value) => Number.isSafeInteger(value) && Number(value) >= 1, "a whole number from 1"],
  type: [(value) => isText(value) && TYPES.has(value), "a type of event"],
  from: [(value) => value === null || isState(value), "a state, or null"],
  to: [isState, "a state"],
  actor: [isText, "a name"],
  at: [isInstant, "an instant in UTC such as 2026-11-24T10:00:00.000Z"],
  policyHash: [isHash, "a SHA-256"],
  details: [isObject, "an object"],
  previousHash: [isHash, "a SHA-256"],
  hash: [isHash, "a SHA-256"],
};

const MEMBER_LIST = Object.entries(MEMBERS);

/** @returns the event, or a sentence that says why the line is not an event */
export function readEventLine(bytes: Buffer): AuditEvent | string {
  const value = readObjectLine(bytes);
  return typeof value === "string" ? value : eventOf(value);
}

/** @returns the line's JSON object, or a sentence that says why the line is not an object */
export function readObjectLine(bytes: Buffer): Readonly<Record<string, unknown>> | string {
  const text = utf8(bytes);
  if (text === undefined) return "This is not UTF-8.";
  const value = strictValue(text);
  if (value instanceof StrictJsonError) return wordsOf(value);
  return isObject(value) ? value : "This is not a JSON object.";
}

/** @returns the same, if it is an event; or a sentence that says why it is not */
export function eventOf(value: Readonly<Record<string, unknown>>): AuditEvent | string {
  for (const [name, [holds, what]] of MEMBER_LIST)
    if (!Object.hasOwn(value, name) || !holds(value[name]))
      return `This is not an audit event: ${name} is not ${what}.`;
  const strange = Object.keys(value).find((name) => !Object.hasOwn(MEMBERS, name));
  if (strange !== undefined)
    return `This is not an audit event: ${strange} is not a member of one.`;
  return value as unknown as AuditEvent;
}

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function utf8(bytes: Buffer): string | undefined {
  try {
    return UTF_8.decode(bytes);
  } catch {
    return undefined;
  }
}

function strictValue(text: string): unknown {
  try {
    return parseStrictJson(text, DEEPEST, isCanonicalNumber);
  } catch (error) {
    if (error instanceof StrictJsonError) return error;
    throw error;
  }
}

const MOST_POINTER = 200;

function wordsOf({ kind, faults }: StrictJsonError): string {
  if (kind === "not-json") return "This is not JSON.";
  if (kind === "too-deep") return "This is not an audit event: it is nested too deep.";
  const [first] = faults;
  return `This is not strict JSON: ${first?.pointer.slice(0, MOST_POINTER) || "/"}: ${first?.detail}`;
}

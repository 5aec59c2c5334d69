/**
 * Reads events of CloudTrail as EventBridge delivers them and as LookupEvents lists them. Both come
 * from outside: whatever they are, the answer is an event or a refusal, and never an exception.
 */
import { canonicalJson, sha256 } from "../../values/canonical-json.ts";
import { parseStrictJson } from "../../values/strict-json.ts";
import { readCaller } from "./trail-caller.ts";
import { ENTRY_OPERATIONS, type TrailAddendum, type TrailEvent } from "./trail-event.ts";
import { readParameters } from "./trail-parameters.ts";
import {
  exact,
  exactOrNull,
  labelOrNull,
  memberOf,
  Refused,
  type TrailRefusal,
} from "./trail-text.ts";

/**
 * An event, or why the record is not one about access entries. `malformed` and `unknown-version`
 * may hide a change, so they need a person. The others are events that nobody asked for.
 */
export type TrailReading =
  | { readonly event: TrailEvent }
  | { readonly refused: TrailRefusal; readonly because: string };

/** CloudTrail's and EventBridge's limit for one event. */
const LARGEST_BYTES = 256 * 1024;
/** CloudTrail nests about six levels. */
const DEEPEST = 32;

/**
 * Reads what EventBridge delivers.
 *
 * @param body the event, or its JSON text as a queue carries it
 * @param accounts whose events count: those with clusters of the policy
 */
export const readBusEvent = (body: unknown, accounts: ReadonlySet<string>): TrailReading =>
  reading(() => {
    const envelope = typeof body === "string" ? parsed(body) : body;
    if (memberOf(envelope, "detail-type") !== "AWS API Call via CloudTrail")
      throw new Refused("wrong-detail-type", "The detail-type is not CloudTrail's.");
    if (memberOf(envelope, "source") !== "aws.eks")
      throw new Refused("foreign-source", "The source is not aws.eks.");
    const record = memberOf(envelope, "detail");
    const event = eventIn(record, accounts);
    if (memberOf(envelope, "account") !== event.account)
      throw new Refused("foreign-account", "The envelope and the record name different accounts.");
    if (memberOf(envelope, "region") !== event.region)
      throw new Refused("malformed", "The envelope and the record name different regions.");
    return event;
  });

/**
 * Reads one event that LookupEvents lists.
 *
 * @param text the member `CloudTrailEvent`, which is JSON text
 * @param accounts whose events count: those with clusters of the policy
 */
export const readListedEvent = (text: unknown, accounts: ReadonlySet<string>): TrailReading =>
  reading(() => {
    if (typeof text !== "string") throw new Refused("malformed", "The record is not a text.");
    return eventIn(parsed(text), accounts);
  });

function reading(read: () => TrailEvent): TrailReading {
  try {
    return { event: read() };
  } catch (error) {
    if (error instanceof Refused) return { refused: error.code, because: error.message };
    return { refused: "malformed", because: "The record is not JSON that every reader agrees on." };
  }
}

function parsed(text: string): unknown {
  if (Buffer.byteLength(text) > LARGEST_BYTES) throw tooLarge();
  return parseStrictJson(text, DEEPEST);
}

const tooLarge = () => new Refused("too-large", `The record has more than ${LARGEST_BYTES} bytes.`);

function eventIn(record: unknown, accounts: ReadonlySet<string>): TrailEvent {
  const text = canonicalJson(record);
  if (Buffer.byteLength(text) > LARGEST_BYTES) throw tooLarge();
  const field = (name: string) => memberOf(record, name);
  if (field("eventSource") !== "eks.amazonaws.com")
    throw new Refused("foreign-source", "The eventSource is not eks.amazonaws.com.");
  const account = exact(field("recipientAccountId"), 12, "recipientAccountId");
  if (!accounts.has(account))
    throw new Refused("foreign-account", "The account has no cluster of the policy.");
  if (field("readOnly") === true) throw new Refused("read-only", "The call changed nothing.");
  if (field("readOnly") !== false) throw new Refused("malformed", "readOnly is not a boolean.");
  const operation = ENTRY_OPERATIONS.find((name) => name === field("eventName"));
  if (operation === undefined)
    throw new Refused("other-operation", "The call is not about access entries.");
  checkVersion(field("eventVersion"));
  const region = exact(field("awsRegion"), 32, "awsRegion");
  const errorCode = labelOrNull(field("errorCode"), 128);
  const place = { operation, account, region, hasFailed: errorCode !== null };
  return {
    eventId: exact(field("eventID"), 64, "eventID"),
    eksRequestId: exactOrNull(field("requestID"), 128, "requestID"),
    eventTime: instantOf(field("eventTime")),
    operation,
    account,
    region,
    ...readParameters(field("requestParameters"), place),
    caller: readCaller(field("userIdentity")),
    errorCode,
    sourceIp: labelOrNull(field("sourceIPAddress"), 128),
    userAgent: labelOrNull(field("userAgent"), 256),
    addendum: addendumOf(field("addendum")),
    sha256: sha256(text),
  };
}

/**
 * A later minor version only adds fields.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
function checkVersion(version: unknown): void {
  const [, major, minor] = /^(\d{1,4})\.(\d{1,4})$/.exec(String(version)) ?? [];
  if (major !== "1" || Number(minor) < 8)
    throw new Refused("unknown-version", "The eventVersion is not 1.08 or a later 1.x.");
}

function instantOf(value: unknown): string {
  const text = exact(value, 20, "eventTime");
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN;
  const instant = Number.isNaN(time) ? "" : new Date(time).toISOString();
  if (instant.replace(".000Z", "Z") !== text)
    throw new Refused("malformed", "The eventTime is not an instant in UTC.");
  return instant;
}

function addendumOf(value: unknown): TrailAddendum | null {
  if (value === undefined || value === null) return null;
  return {
    reason: exact(memberOf(value, "reason"), 64, "addendum.reason"),
    originalRequestId: exactOrNull(memberOf(value, "originalRequestID"), 128, "originalRequestID"),
    originalEventId: exactOrNull(memberOf(value, "originalEventID"), 64, "originalEventID"),
  };
}

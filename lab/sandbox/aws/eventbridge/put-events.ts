import { randomUUID } from "node:crypto";
import { accountOf } from "../accounts.ts";
import { AwsError, type Call, type Caller } from "../service.ts";
import type { Store } from "../store.ts";
import type { BusEvent, BusState, EventBridgeState } from "./state.ts";

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const MOST_ENTRIES = 10;
/**
 * The most bytes of all entries of one call.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
 */
const MOST_BYTES = 262_144;
/** How many events a bus remembers here, to show what was published. */
const REMEMBERED = 1_000;

export interface EventBridgeContext {
  readonly eventBridge: Store<EventBridgeState>;
  /** The account of the buses. */
  readonly account: string;
  readonly region: string;
  /** Hands an event on to the rules of its bus. */
  readonly deliver?: (busName: string, event: BusEvent) => void;
}

type Entry = Readonly<Record<string, unknown>>;

/** EventBridge's answer about an entry that it did not take, and will take later. */
const THROTTLED = { ErrorCode: "ThrottlingException", ErrorMessage: "Rate exceeded" };

/** `PutEvents`: takes each entry that is well formed, and answers the fault of each other one. */
export function putEvents(context: EventBridgeContext, { input, now, caller, isPartial }: Call) {
  const entries = entriesOf(input);
  const results = entries.map((entry, at) =>
    isPartial && at > 0 ? THROTTLED : take(context, entry, caller, now),
  );
  return {
    FailedEntryCount: results.filter((result) => "ErrorCode" in result).length,
    Entries: results,
  };
}

export function entriesOf(input: Entry): readonly Entry[] {
  const entries = input["Entries"];
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > MOST_ENTRIES)
    throw validation(
      `Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${MOST_ENTRIES}`,
    );
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (bytes > MOST_BYTES)
    throw validation("Total size of the entries in the request is over the limit.");
  return entries as readonly Entry[];
}

/** As EventBridge counts it: the time has 14 bytes, and texts have their UTF-8. */
const sizeOf = (entry: Entry): number =>
  ["Source", "DetailType", "Detail"].reduce(
    (sum, name) => sum + Buffer.byteLength(String(entry[name] ?? "")),
    "Time" in entry ? 14 : 0,
  );

/** Members that one entry may have here; a global endpoint and a trace header are not emulated. */
const KNOWN = new Set(["Time", "Source", "Resources", "DetailType", "Detail", "EventBusName"]);

function take(context: EventBridgeContext, entry: Entry, caller: Caller, now: Date) {
  const { eventBridge, account, region } = context;
  const unknown = Object.keys(entry).find((name) => !KNOWN.has(name));
  if (unknown !== undefined)
    throw validation(`The sandbox does not emulate the member ${unknown} of an event.`);
  const busArn = busArnOf(context, entry, caller);
  const bus = Object.values(eventBridge.state.buses).find(({ arn }) => arn === busArn);
  const text = (name: string) => (typeof entry[name] === "string" ? entry[name] : "");
  for (const name of ["Source", "DetailType", "Detail"])
    if (text(name) === "")
      return {
        ErrorCode: "InvalidArgument",
        ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      };
  // Sources with this prefix are AWS's own.
  if (text("Source").startsWith("aws."))
    return {
      ErrorCode: "NotAuthorizedForSource",
      ErrorMessage: "Not authorized for the source.",
    };
  const detail = objectIn(text("Detail"));
  if (!detail) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  // EventBridge answers an id for events to a bus that is not there, and drops them.
  const id = randomUUID();
  const at = typeof entry["Time"] === "number" ? new Date(entry["Time"] * 1_000) : now;
  const event: BusEvent = {
    version: "0",
    id,
    "detail-type": text("DetailType"),
    source: text("Source"),
    account: caller.accountId,
    time: `${at.toISOString().slice(0, 19)}Z`,
    region,
    resources: Array.isArray(entry["Resources"]) ? entry["Resources"].map(String) : [],
    detail,
  };
  if (bus) eventBridge.change(() => remember(bus, event));
  if (accountOf(busArn) === account) context.deliver?.(nameOf(busArn), event);
  return { EventId: id };
}

function remember(bus: BusState, event: BusEvent): void {
  bus.events = [...bus.events, event].slice(-REMEMBERED);
}

/** A bus is named by its ARN, or by its name in the caller's account. */
export function busArnOf(
  { region }: Pick<EventBridgeContext, "region">,
  entry: Entry,
  { accountId }: Caller,
): string {
  const name = entry["EventBusName"] ?? "default";
  const isArn = typeof name === "string" && name.startsWith("arn:");
  return isArn ? name : `arn:aws:events:${region}:${accountId}:event-bus/${name}`;
}

const nameOf = (busArn: string): string => busArn.slice(busArn.lastIndexOf("/") + 1);

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

const validation = (message: string) => new AwsError("ValidationException", 400, message);

import { randomUUID } from "node:crypto";
import { AwsError, type Call } from "../service.ts";
import type { Store } from "../store.ts";
import type { BusEvent, BusState, EventBridgeState } from "./state.ts";

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const MOST_ENTRIES = 10;
/** Of all entries of one call. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
const MOST_BYTES = 262_144;
/** How many events a bus remembers here, to show what was published. */
const REMEMBERED = 1_000;

export interface EventBridgeContext {
  readonly eventBridge: Store<EventBridgeState>;
  readonly account: string;
  readonly region: string;
  /** Hands an event on to the rules of its bus. */
  readonly deliver?: (busName: string, event: BusEvent) => void;
}

type Entry = Readonly<Record<string, unknown>>;

/** `PutEvents`: takes each entry that is well formed, and says of each other what is wrong with it. */
export function putEvents(context: EventBridgeContext, { input, now }: Call) {
  const entries = entriesOf(input);
  const results = entries.map((entry) => take(context, entry, now));
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

function take(context: EventBridgeContext, entry: Entry, now: Date) {
  const { eventBridge, account, region } = context;
  const unknown = Object.keys(entry).find((name) => !KNOWN.has(name));
  if (unknown !== undefined)
    throw validation(`The sandbox does not emulate the member ${unknown} of an event.`);
  const bus = busOf(eventBridge.state, entry);
  const text = (name: string) => (typeof entry[name] === "string" ? entry[name] : "");
  for (const name of ["Source", "DetailType", "Detail"])
    if (text(name) === "")
      return {
        ErrorCode: "InvalidArgument",
        ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
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
    account,
    time: `${at.toISOString().slice(0, 19)}Z`,
    region,
    resources: Array.isArray(entry["Resources"]) ? entry["Resources"].map(String) : [],
    detail,
  };
  if (bus) eventBridge.change(() => remember(bus, event));
  context.deliver?.(busNameOf(entry), event);
  return { EventId: id };
}

function remember(bus: BusState, event: BusEvent): void {
  bus.events = [...bus.events, event].slice(-REMEMBERED);
}

/** A bus is named by its name or its ARN. */
export function busNameOf(entry: Entry): string {
  const name = entry["EventBusName"];
  if (typeof name !== "string") return "default";
  return name.slice(name.lastIndexOf("/") + 1);
}

const busOf = (state: EventBridgeState, entry: Entry) => state.buses[busNameOf(entry)];

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

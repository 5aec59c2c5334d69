/**
 * Events of CloudTrail from files that the reader got from CloudTrail: a trail's files in S3, or what
 * `aws cloudtrail lookup-events` answers.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 */
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { readListedEvent } from "../../shared/domain/evidence/trail/parse-trail-event.ts";
import {
  ENTRY_OPERATIONS,
  type TrailEvent,
} from "../../shared/domain/evidence/trail/trail-event.ts";
import { isObject, isText } from "./event-line.ts";
import { listedIn, NotListed } from "./listed-in.ts";
import { bytesOf } from "./outside-file.ts";

/** Why a file cannot be used. */
export class UnusableTrail extends Error {}

export interface TrailFiles {
  readonly events: readonly TrailEvent[];
  /** Changes of access entries that cannot be read, a sentence each: the reader has to look at them. */
  readonly unreadable: readonly string[];
}

/** More than CloudTrail puts into one event, with each character as an escape. */
const LONGEST_EVENT_BYTES = 2 * 1024 * 1024;
/** With more of them, a report says less than the files do. */
const MOST_UNREADABLE = 1_000;

/**
 * Changes of access entries, of any account and cluster. Memory holds one event of a file at a time.
 *
 * @param places files, or folders with all `.json` and `.json.gz` in them
 * @throws UnusableTrail for a file that cannot be read; the file system's error
 */
export async function trailEvents(
  places: readonly string[],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<TrailFiles> {
  const events: TrailEvent[] = [];
  const unreadable: string[] = [];
  for (const file of places.flatMap(filesUnder))
    for await (const record of recordsIn(file)) {
      const event = changeIn(record, file);
      if (unreadable.length >= MOST_UNREADABLE) throw new UnusableTrail(tooMany(file));
      if (typeof event === "string") unreadable.push(event);
      else if (event && event.eventTime >= from && event.eventTime < to) events.push(event);
    }
  return { events, unreadable };
}

const filesUnder = (place: string): readonly string[] =>
  statSync(place).isDirectory()
    ? readdirSync(place, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.json(?:\.gz)?$/.test(entry.name))
        .map((entry) => path.join(entry.parentPath, entry.name))
        .sort()
    : [place];

const tooMany = (file: string) =>
  `${MOST_UNREADABLE} events cannot be read, and ${file} was not read to its end.`;

const LISTS: ReadonlySet<string> = new Set(["Records", "Events"]);

/** An event that is longer than any of CloudTrail's. */
const TOO_LARGE = Symbol("too large");

async function* recordsIn(file: string): AsyncGenerator<unknown> {
  try {
    for await (const { text, list } of listedIn(bytesOf(file), LISTS, LONGEST_EVENT_BYTES)) {
      const event = text === undefined ? TOO_LARGE : parsed(text);
      const isListed = list === "Events" && event !== TOO_LARGE;
      yield isListed ? parsed(isObject(event) ? event["CloudTrailEvent"] : "") : event;
    }
  } catch (error) {
    if (!(error instanceof NotListed)) throw error;
    throw new UnusableTrail(
      `${file} is neither a trail's file nor what lookup-events answers, or is cut off.`,
    );
  }
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

const OPERATIONS: ReadonlySet<unknown> = new Set(ENTRY_OPERATIONS);

/** The event, if the record is a change of an access entry; a sentence where it cannot be read. */
function changeIn(record: unknown, file: string): TrailEvent | string | undefined {
  if (record === TOO_LARGE)
    return `${file} has an event of more than ${LONGEST_EVENT_BYTES} bytes, which was not read.`;
  if (!isObject(record)) return `${file} has an event that is no JSON object.`;
  const { eventSource, eventName, recipientAccountId: account } = record;
  if (eventSource !== "eks.amazonaws.com" || !OPERATIONS.has(eventName)) return undefined;
  const accounts = new Set(isText(account) ? [account] : []);
  const reading = readListedEvent(jsonOf(record), accounts);
  if ("event" in reading) return reading.event;
  const id = isText(record["eventID"]) ? ` ${record["eventID"].slice(0, 64)}` : "";
  return `${file} has a ${eventName}${id} that cannot be read: ${reading.because}`;
}

/** Empty for a record that is nested too deep to be written: then it cannot be read either. */
function jsonOf(record: object): string {
  try {
    return JSON.stringify(record);
  } catch (error) {
    if (error instanceof RangeError) return "";
    throw error;
  }
}

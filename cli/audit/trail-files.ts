/**
 * Events of CloudTrail from files that the reader got from CloudTrail: a trail's files in S3, or what
 * `aws cloudtrail lookup-events` answers.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { readListedEvent } from "../../shared/domain/evidence/trail/parse-trail-event.ts";
import {
  ENTRY_OPERATIONS,
  type TrailEvent,
} from "../../shared/domain/evidence/trail/trail-event.ts";
import { isObject, isText } from "./event-line.ts";

/** Why a file cannot be used. */
export class UnusableTrail extends Error {}

export interface TrailFiles {
  readonly events: readonly TrailEvent[];
  /** Changes of access entries that cannot be read, a sentence each: the reader has to look at them. */
  readonly unreadable: readonly string[];
}

/**
 * Changes of access entries, of any account and cluster. Memory holds one file at a time.
 *
 * @param places files, or folders with all `.json` and `.json.gz` in them
 * @throws UnusableTrail for a file that cannot be read; the file system's error
 */
export function trailEvents(
  places: readonly string[],
  { from, to }: { readonly from: string; readonly to: string },
): TrailFiles {
  const events: TrailEvent[] = [];
  const unreadable: string[] = [];
  for (const file of places.flatMap(filesUnder))
    for (const record of recordsIn(file)) {
      const event = changeIn(record, file);
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

function recordsIn(file: string): readonly unknown[] {
  const bytes = readFileSync(file);
  const document = parsed(file.endsWith(".gz") ? gunzipSync(bytes) : bytes);
  if (isObject(document)) {
    const { Records, Events } = document;
    if (Array.isArray(Records)) return Records;
    if (Array.isArray(Events))
      return Events.map((event) => parsed(isObject(event) ? event["CloudTrailEvent"] : ""));
  }
  throw new UnusableTrail(`${file} is neither a trail's file nor what lookup-events answers.`);
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
  if (!isObject(record)) return `${file} has an event that is no JSON object.`;
  const { eventSource, eventName, recipientAccountId: account } = record;
  if (eventSource !== "eks.amazonaws.com" || !OPERATIONS.has(eventName)) return undefined;
  const accounts = new Set(isText(account) ? [account] : []);
  const reading = readListedEvent(JSON.stringify(record), accounts);
  if ("event" in reading) return reading.event;
  const id = isText(record["eventID"]) ? ` ${record["eventID"].slice(0, 64)}` : "";
  return `${file} has a ${eventName}${id} that cannot be read: ${reading.because}`;
}

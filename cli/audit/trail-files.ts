/**
 * Events of CloudTrail from files that the reader got from CloudTrail: a trail's files in S3, or what
 * `aws cloudtrail lookup-events` answers.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { GivenEvent } from "../../shared/domain/evidence/report/completeness.ts";
import { readListedEvent } from "../../shared/domain/evidence/trail/parse-trail-event.ts";
import { ENTRY_OPERATIONS } from "../../shared/domain/evidence/trail/trail-event.ts";
import { isObject, isText } from "./event-line.ts";

/** Why a file cannot be used. */
export class UnusableTrail extends Error {}

/**
 * Changes of access entries, of any account and cluster. Memory holds one file at a time.
 *
 * @param places files, or folders with all `.json` and `.json.gz` in them
 * @throws UnusableTrail for a file or an event that cannot be read; the file system's error
 */
export function trailEvents(
  places: readonly string[],
  { from, to }: { readonly from: string; readonly to: string },
): readonly GivenEvent[] {
  const found: GivenEvent[] = [];
  for (const file of places.flatMap(filesUnder))
    for (const record of recordsIn(file)) {
      const event = changeIn(record, file);
      if (event && event.eventTime >= from && event.eventTime < to) {
        const { eventId, addendum, operation, errorCode } = event;
        found.push({ eventId, addendum, operation, errorCode });
      }
    }
  return found;
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

/** The event, if the record is a change of an access entry. */
function changeIn(record: unknown, file: string) {
  if (!isObject(record)) throw new UnusableTrail(`${file} has an event that is no JSON object.`);
  const { eventSource, eventName, recipientAccountId: account } = record;
  if (eventSource !== "eks.amazonaws.com" || !OPERATIONS.has(eventName)) return undefined;
  const accounts = new Set(isText(account) ? [account] : []);
  const reading = readListedEvent(JSON.stringify(record), accounts);
  if ("event" in reading) return reading.event;
  throw new UnusableTrail(`${file} has a ${eventName} that cannot be read: ${reading.because}`);
}

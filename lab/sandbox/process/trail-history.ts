/** CloudTrail's event history in a file, to which each delivered record is appended as a line. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import type { TrailHistory } from "../aws/cloudtrail/state.ts";
import type { TrailRecord } from "../aws/cloudtrail/trail-record.ts";

/**
 * The number of the latest records that are kept of the 90 days. A busy sandbox makes some a
 * second.
 */
const KEPT_RECORDS = 20_000;

/**
 * Opens the history, cut to its latest records. A line that a crash cut off is left out.
 * @param kept how many records are kept
 */
export function openTrailHistory(file: string, kept: number = KEPT_RECORDS): TrailHistory {
  let records = recordsOf(file).slice(-kept);
  if (existsSync(file)) writeFileSync(file, records.map(lineOf).join(""));
  return {
    get records() {
      return records;
    },
    add(record) {
      appendFileSync(file, lineOf(record));
      records.push(record);
      // Cut now and then, since each cut copies all of it.
      if (records.length >= kept * 1.1) records = records.slice(-kept);
    },
  };
}

const lineOf = (record: TrailRecord): string => `${JSON.stringify(record)}\n`;

function recordsOf(file: string): TrailRecord[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as TrailRecord];
      } catch {
        return [];
      }
    });
}

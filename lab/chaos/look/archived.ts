/** Reads the copy of an archive without the broker's own reader. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { SeenRequest } from "../judge/seen.ts";

const PART = ".ndjson.gz";

interface Line {
  readonly chain: string;
  readonly record: { readonly seq: number };
}

const nameOf = (chain: string, seq: number) => `${chain} ${seq}`;

function archivedIn(copy: string): ReadonlySet<string> {
  const parts = readdirSync(copy, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(PART),
  );
  const lines = parts.flatMap((file) =>
    gunzipSync(readFileSync(path.join(copy, file)))
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== ""),
  );
  return new Set(
    lines.map((line) => {
      const { chain, record } = JSON.parse(line) as Line;
      return nameOf(chain, record.seq);
    }),
  );
}

/** The most that are worth a line. */
const MOST = 5;

/** @returns the records of requests that are not in the copy, in words */
export function unarchived(copy: string, requests: readonly SeenRequest[]): readonly string[] {
  const archived = archivedIn(copy);
  const names = requests.flatMap(({ request: { id }, events, evidence: { records } }) => [
    ...events.map(({ seq }) => nameOf(`AUDIT#${id}`, seq)),
    ...records.map(({ seq }) => nameOf(`EVID#${id}`, seq)),
  ]);
  const left = names.filter((name) => !archived.has(name));
  if (left.length === 0) return [];
  return [`${left.length} records are not archived, such as ${left.slice(0, MOST).join(", ")}.`];
}

/** The notes beside an export that is being written, a line for each page. */
import { createHash, type Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { ListedEvent } from "./export-events.ts";
import type { ExportFormatName } from "./export-format.ts";

/** The terms of the export: the journal's first line. */
export interface ExportHead {
  readonly journal: 1;
  readonly from: string;
  readonly to: string;
  readonly format: ExportFormatName;
  /** Only requests on this cluster, or of this person: without them, all. */
  readonly cluster?: string;
  readonly person?: string;
  /** The person who asked for it, and when. Earlier releases did not note it. */
  readonly askedBy?: string;
  readonly askedAt?: string;
}

/** The part of an export that is whole after a page. */
export interface Checkpoint {
  /** Up to when the export is complete. */
  readonly to: string;
  /** The last event of the API's list so far; null before the first. */
  readonly last: ListedEvent | null;
  /** Whether no page follows. */
  readonly complete: boolean;
  /** So far. */
  readonly events: number;
  readonly earlier: number;
  /** Absent for 0, and in what earlier releases noted. */
  readonly leftOut?: number;
  /** Requests that the page brought. */
  readonly requests: readonly string[];
  /** In OCSF: up to when confirmations were read. */
  readonly recordsTo?: string;
  /** Bytes written so far. */
  readonly bytes: number;
  readonly sha256: string;
}

export interface Journal {
  readonly head: ExportHead;
  /** The last page that is whole, with the requests of all pages; undefined if none is. */
  readonly done: Checkpoint | undefined;
  /** Over the bytes that `done` counts. */
  readonly hash: Hash;
}

/** @throws Error if it is not a journal of this program */
export async function readJournal(journal: FileHandle, file: FileHandle): Promise<Journal> {
  const [head, ...lines] = (await journal.readFile("utf8")).split("\n").map(parsed);
  if ((head as ExportHead | undefined)?.journal !== 1)
    throw new Error("the journal beside it is not one that this timelatch knows");
  const pages = lines.filter((line) => line !== undefined) as Checkpoint[];
  return { head: head as ExportHead, ...(await wholePages(pages, file)) };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The last line may be cut off.
    return undefined;
  }
}

/** The pages that are in the file as they were written. */
async function wholePages(
  pages: readonly Checkpoint[],
  file: FileHandle,
): Promise<Pick<Journal, "done" | "hash">> {
  const { size } = await file.stat();
  let hash = createHash("sha256");
  let done: Checkpoint | undefined;
  const requests: string[] = [];
  for (const page of pages) {
    if (page.bytes > size) break;
    const longer = hash.copy();
    const from = done?.bytes ?? 0;
    const part = Buffer.alloc(page.bytes - from);
    const { bytesRead } = await file.read(part, 0, part.length, from);
    longer.update(part.subarray(0, bytesRead));
    if (bytesRead < part.length || longer.copy().digest("hex") !== page.sha256) break;
    hash = longer;
    requests.push(...page.requests);
    done = page;
  }
  return { hash, done: done && { ...done, requests } };
}

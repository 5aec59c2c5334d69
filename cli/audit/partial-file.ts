/**
 * An export on its way into a file. It is written beside its place, under a random name, with a
 * journal of its pages. It takes its place when it is whole. So it can be continued, and what
 * stands under its name is never a part of it.
 */
import { createHash, type Hash, randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { type Checkpoint, type ExportHead, readJournal } from "./export-journal.ts";
import { syncFolder } from "./write-folder.ts";
import { appendTo, writeWhole } from "./write-whole.ts";

const PARTIAL = ".partial";
const JOURNAL = ".journal";
const OWNER_ALONE = 0o600;
const { O_WRONLY, O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
/** Fails where anything is there, be it a link. */
const NEW = O_CREAT | O_EXCL | O_NOFOLLOW;

/** A file that is in its place. */
export interface WrittenFile {
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
}

export interface PartialFile {
  readonly head: ExportHead;
  /** The part that was exported before; undefined for a new export. */
  readonly done: Checkpoint | undefined;
  write(text: string): Promise<void>;
  /** Notes that a page is whole, so that the export can be continued behind it. */
  checkpoint(page: Omit<Checkpoint, "bytes" | "sha256">): Promise<void>;
  /** Puts the file in its place, on the disk. */
  complete(): Promise<WrittenFile>;
  /** Ends without it. @returns whether it can be continued; if not, nothing is left of it */
  abandon(): Promise<boolean>;
}

/** Begins an export into `out`. @throws Error of the file system */
export async function createPartial(out: string, head: ExportHead): Promise<PartialFile> {
  const partial = `${out}.${randomBytes(6).toString("hex")}${PARTIAL}`;
  const file = await open(partial, O_WRONLY | NEW, OWNER_ALONE);
  const journal = await open(partial + JOURNAL, O_WRONLY | NEW, OWNER_ALONE);
  await appendTo(journal, lineOf(head));
  return partialFile({
    out,
    partial,
    file,
    journal,
    head,
    done: undefined,
    hash: createHash("sha256"),
  });
}

/** The exports into `out` that were interrupted: paths of their partial files. */
export async function partialsOf(out: string): Promise<readonly string[]> {
  const folder = path.dirname(out);
  const start = `${path.basename(out)}.`;
  const names = await readdir(folder);
  return names
    .filter((name) => name.startsWith(start) && name.endsWith(PARTIAL))
    .filter((name) => names.includes(name + JOURNAL))
    .map((name) => path.join(folder, name));
}

/** Continues an export behind its last page that is whole. @throws Error of the file system */
export async function resumePartial(out: string, partial: string): Promise<PartialFile> {
  const file = await open(partial, O_RDWR | O_NOFOLLOW);
  const journal = await open(partial + JOURNAL, O_RDWR | O_APPEND | O_NOFOLLOW);
  try {
    const { head, done, hash } = await readJournal(journal, file);
    await file.truncate(done?.bytes ?? 0);
    // A line that was cut off is not continued.
    await appendTo(journal, Buffer.from("\n"));
    return partialFile({ out, partial, file, journal, head, done, hash });
  } catch (error) {
    await Promise.allSettled([file.close(), journal.close()]);
    throw error;
  }
}

interface Opened {
  readonly out: string;
  readonly partial: string;
  readonly file: FileHandle;
  readonly journal: FileHandle;
  readonly head: ExportHead;
  readonly done: Checkpoint | undefined;
  readonly hash: Hash;
}

const lineOf = (value: unknown) => Buffer.from(`${JSON.stringify(value)}\n`);

function partialFile({ out, partial, file, journal, head, done, hash }: Opened): PartialFile {
  let bytes = done?.bytes ?? 0;
  let canContinue = done !== undefined;
  return {
    head,
    done,
    async write(text) {
      const part = Buffer.from(text);
      await writeAt(file, part, bytes);
      hash.update(part);
      bytes += part.length;
    },
    async checkpoint(page) {
      await appendTo(journal, lineOf({ ...page, bytes, sha256: hash.copy().digest("hex") }));
      canContinue = true;
    },
    async complete() {
      await file.sync();
      await file.close();
      await journal.close();
      await rename(partial, out);
      await rm(partial + JOURNAL, { force: true });
      await syncFolder(path.dirname(out));
      return { bytes, sha256: hash.digest("hex") };
    },
    async abandon() {
      await Promise.allSettled([file.close(), journal.close()]);
      if (!canContinue)
        await Promise.all([partial, partial + JOURNAL].map((name) => rm(name, { force: true })));
      return canContinue;
    },
  };
}

async function writeAt(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  await writeWhole((all, from) => file.write(all, from, all.length - from, position + from), bytes);
}

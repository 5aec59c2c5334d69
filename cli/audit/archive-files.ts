/** The files of an archive that somebody named: folders with all that is in them, or single files. */
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { isManifest } from "./export-manifest.ts";
import { bytesOf, textOf } from "./outside-file.ts";
import type { RecordFile } from "./verify-archive.ts";
import type { PolicyFile } from "./verify-policies.ts";

export interface ArchiveFiles {
  /** Files that should be seals, sorted by name. */
  readonly seals: readonly string[];
  readonly records: readonly RecordFile[];
  readonly policies: readonly PolicyFile[];
  /** Lists of standing access, as readings found them. */
  readonly contents: readonly RecordFile[];
}

/** @throws the file system's error, for what cannot be read */
export function archiveFiles(places: readonly string[]): ArchiveFiles {
  const all = places.flatMap(filesUnder).sort();
  return {
    seals: all
      .filter((file) => file.endsWith(".json") && !isPolicy(file) && !isManifest(file))
      .sort(byName),
    policies: all.filter(isPolicy).map((name) => ({ name, read: () => textOf(name) })),
    records: all.filter((file) => isLines(file) && !isIn("standing", file)).map(opened),
    contents: all.filter((file) => isLines(file) && isIn("standing", file)).map(opened),
  };
}

const opened = (name: string): RecordFile => ({ name, open: () => bytesOf(name) });

const isLines = (file: string) => /\.ndjson(?:\.gz)?$/.test(file);
const isIn = (folder: string, file: string) =>
  path.basename(path.dirname(path.resolve(file))) === folder;
const isPolicy = (file: string) => file.endsWith(".json") && isIn("policies", file);

const byName = (a: string, b: string) => (path.basename(a) < path.basename(b) ? -1 : 1);

const filesUnder = (place: string): readonly string[] =>
  statSync(place).isDirectory()
    ? readdirSync(place, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
    : [place];

/** Verifies what readings of standing access found: each file has the hash that is its name, and none is missing. */
import { createHash } from "node:crypto";
import path from "node:path";
import type { SealedDay } from "../../shared/domain/evidence/archive/seal.ts";
import type { NamedContent } from "./named-contents.ts";
import type { ArchiveFault, RecordFile } from "./verify-archive.ts";

export interface ContentVerification {
  /** How many files there are. */
  readonly contents: number;
  /** Hashes of contents that the archive never had, as seals say. */
  readonly contentsNeverThere: readonly string[];
  /** Hashes of contents of records that are younger than the last seal, and not archived yet. */
  readonly contentsToCome: readonly string[];
  readonly faults: readonly ArchiveFault[];
}

/** The hash under which a file is kept, by its name. */
export const hashInName = (file: string): string => path.basename(file).replace(/\.ndjson.*$/, "");

/** @param named by the records. Memory holds a part of one file at a time */
export async function verifyContents(
  seals: readonly SealedDay[],
  files: readonly RecordFile[],
  named: ReadonlyMap<string, NamedContent>,
): Promise<ContentVerification> {
  const known = new Set<string>();
  const faults: ArchiveFault[] = [];
  for (const { name, open } of files) {
    const hash = hashInName(name);
    known.add(hash);
    const made = createHash("sha256");
    for await (const part of open()) made.update(part);
    if (made.digest("hex") !== hash) faults.push({ file: name, fault: "edited", detail: EDITED });
  }
  const never = new Set(seals.flatMap(({ seal }) => seal.withoutContent ?? []));
  const missing = [...named].filter(([hash]) => !known.has(hash));
  for (const [hash, { chain, seq, isSealed }] of missing)
    if (isSealed && !never.has(hash))
      faults.push({ chain, fault: "missing", detail: missingText(seq, hash) });
  const hashesOf = (isWanted: (hash: string, one: NamedContent) => boolean) =>
    missing.flatMap(([hash, one]) => (isWanted(hash, one) ? hash : [])).sort();
  return {
    contents: files.length,
    contentsNeverThere: hashesOf((hash) => never.has(hash)),
    contentsToCome: hashesOf((hash, { isSealed }) => !isSealed && !never.has(hash)),
    faults,
  };
}

const EDITED = "This is not what the reading found: its hash is not its name.";

const missingText = (seq: number, hash: string) =>
  `The list that reading ${seq} found is missing: standing/${hash}.ndjson.gz. No seal says that the archive never had it.`;

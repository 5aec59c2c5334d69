/** Keeps what readings of standing access found, once under the hash that their records have. */
import { contentKey } from "../../domain/evidence/archive/archive-keys.ts";
import type { ArchivedRecord } from "../../domain/evidence/archive/archived-record.ts";
import {
  contentHash,
  contentOf,
  isReadingDetails,
  MOST_CHARACTERS,
} from "../../domain/standing/reading.ts";
import { KEPT_SECONDS } from "../../domain/standing/standing-record.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import { ArchiveUnreadable } from "../../ports/archive-store.ts";
import type { ArchivePorts } from "../../ports/function-ports.ts";

const READINGS = "STANDING#";

/** Whether a record is one of a reading. */
export const isReading = ({ chain }: ArchivedRecord): boolean => chain.startsWith(READINGS);

/**
 * - `kept`: the archive has the content, and it fits its hash.
 * - `refused`: the archive has another object in its place.
 * - `lost`: the table has no such content any more, though it should.
 * - `expired`: the reading is older than the table keeps what was found.
 * - `none`: the reading has no content to keep.
 */
export type KeptContent = "kept" | "refused" | "lost" | "expired" | "none";

/** @param one a record of a reading, which somebody else may have made up */
export async function keepContent(
  { store, standing, clock }: Pick<ArchivePorts, "store" | "standing" | "clock">,
  { chain, record }: ArchivedRecord,
): Promise<{ readonly state: KeptContent; readonly hash?: string }> {
  const { details } = record as { readonly details?: unknown };
  if (!isReadingDetails(details)) return { state: "lost" };
  const { content: hash, passId, startedAt } = details;
  if (hash === null) return { state: "none" };
  const key = contentKey(hash);
  const there = await linesIn(store, key);
  if (there === "other") return { state: "refused", hash };
  if (there) return { state: contentHash(there) === hash ? "kept" : "refused", hash };
  const found = await contentOf(standing.all(chain.slice(READINGS.length), passId));
  if (!found || contentHash(found.lines) !== hash) {
    const isOld = clock.now() >= plusSeconds(startedAt, KEPT_SECONDS);
    return { state: isOld ? "expired" : "lost", hash };
  }
  await store.put(key, found.lines);
  return { state: "kept", hash };
}

/** The lines of an object; undefined without any, `other` for one that archive did not write. */
async function linesIn(
  store: ArchivePorts["store"],
  key: string,
): Promise<readonly string[] | "other" | undefined> {
  const found = await store.read(key);
  if (!found) return undefined;
  const lines: string[] = [];
  let characters = 0;
  try {
    for await (const line of found) {
      characters += line.length;
      if (characters > MOST_CHARACTERS) return "other";
      lines.push(line);
    }
  } catch (error) {
    if (error instanceof ArchiveUnreadable) return "other";
    throw error;
  }
  return lines;
}

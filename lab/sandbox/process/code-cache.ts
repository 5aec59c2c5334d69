/**
 * Code of functions that sandboxes share by its content. Node.js keeps what it compiled by a file's path, so functions
 * of several sandboxes find it only at one path. A start compiles for a third of its time.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { assemblyCache } from "./assembly-cache.ts";

/** The folder of the cache. Without it each sandbox runs its own copy of the code, and keeps nothing compiled. */
const cacheFolder = (): string | undefined => process.env["TIMELATCH_CODE_CACHE"] || undefined;

/** The folder in which functions keep what Node.js compiled; undefined where they keep nothing. */
export function compiledFolder(): string | undefined {
  const folder = cacheFolder();
  return folder && path.join(folder, "compiled");
}

/** Answers a folder with the same files, which is the same one for all sandboxes of the cache. */
export function sharedCode(folder: string): string {
  const cache = cacheFolder();
  if (cache === undefined) return folder;
  const hash = hashOf(folder);
  assemblyCache(cache).keep(hash, folder);
  return path.join(cache, hash);
}

function hashOf(folder: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${path.relative(folder, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

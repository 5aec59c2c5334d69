/** Reads the folder of a bundle. */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { BundleBytes } from "./bundle-fault.ts";
import { BUNDLE_FILE, EVENTS_FILE } from "./bundle-files.ts";
import { LARGEST_DOCUMENT, wholeOf } from "./outside-file.ts";

/** More than the history of any request can be: of all files, and of one that is no JSON document. */
const LARGEST_BYTES = 256 * 1024 * 1024;
const LARGEST_FILE = 64 * 1024 * 1024;

/** Whether a place is a bundle, and not an archive or an export. */
export const isBundle = (place: string): boolean =>
  [BUNDLE_FILE, EVENTS_FILE].some((name) => existsSync(path.join(place, name)));

/** @throws as `wholeOf`, for the first file with which the folder is larger than any bundle */
export function readBundle(folder: string): BundleBytes {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const found = new Map<string, Buffer>();
  let left = LARGEST_BYTES;
  for (const file of files) {
    const most = file.endsWith(".json") ? LARGEST_DOCUMENT : LARGEST_FILE;
    const bytes = wholeOf(file, Math.min(most, left));
    found.set(nameIn(folder, file), bytes);
    left -= bytes.length;
  }
  return found;
}

const nameIn = (folder: string, file: string) =>
  path.relative(folder, file).split(path.sep).join("/");

/** Reads the folder of a bundle. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { BundleBytes } from "./bundle-fault.ts";
import { BUNDLE_FILE, EVENTS_FILE } from "./bundle-files.ts";

/** More than the history of any request can be. */
const LARGEST_BYTES = 256 * 1024 * 1024;

/** Whether a place is a bundle, and not an archive or an export. */
export const isBundle = (place: string): boolean =>
  [BUNDLE_FILE, EVENTS_FILE].some((name) => existsSync(path.join(place, name)));

/** @throws the file system's error; Error with `code` for a file that is larger than any of a bundle */
export function readBundle(folder: string): BundleBytes {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const sizes = files.map((file) => statSync(file).size);
  if (sizes.reduce((sum, size) => sum + size, 0) > LARGEST_BYTES)
    throw Object.assign(new Error(`${folder} is larger than any bundle`), { code: "EFBIG" });
  return new Map(files.map((file) => [nameIn(folder, file), readFileSync(file)]));
}

const nameIn = (folder: string, file: string) =>
  path.relative(folder, file).split(path.sep).join("/");

/**
 * The pages' texts by their file. Here they are read from the checkout; the packed command holds them, and
 * `tools/package/bundle-cli.ts` puts them in this module's place.
 */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { PAGE_FILES } from "./topics.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** By the file from the root, such as `docs/runbook.md`. */
export type PageTexts = Readonly<Record<string, string>>;

export function pageTexts(): PageTexts {
  const files = globSync([...PAGE_FILES], { cwd: ROOT }).map((file) => file.replaceAll("\\", "/"));
  return Object.fromEntries(
    files.sort().map((file) => [file, readFileSync(path.join(ROOT, file), "utf8")]),
  );
}

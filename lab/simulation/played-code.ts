/** The code that a life plays: a run says its hash, so that the seeds of several runs can be added up. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { transformSync } from "esbuild";

/** The lives of a seed. Everything else that they play is imported from here. */
const ENTRIES = ["simulate.ts", "forgers/forged-life.ts", "notices/asking-life.ts"];
const ROOT = path.resolve(import.meta.dirname, "../..");
const IMPORTED = /(?:from|import\(?)\s*"(\.{1,2}\/[^"]+)"/g;

/**
 * A hash of all files that a life imports, without comments, types and line breaks.
 *
 * @param read the text of a file (default: from the disk)
 * @returns 16 hexadecimal digits
 */
export function playedCode(
  read: (file: string) => string = (file) => readFileSync(file, "utf8"),
): string {
  const files = new Map<string, string>();
  const waiting = ENTRIES.map((entry) => path.join(import.meta.dirname, entry));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    const text = read(file);
    const code = file.endsWith(".ts") ? codeOf(text) : text;
    files.set(file, code);
    for (const [, name = ""] of code.matchAll(IMPORTED))
      waiting.push(path.resolve(path.dirname(file), name));
  }
  const hash = createHash("sha256");
  for (const [file, code] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${path.relative(ROOT, file)}\n${code}\n`);
  return hash.digest("hex").slice(0, 16);
}

const codeOf = (text: string): string =>
  transformSync(text, { loader: "ts", minifyWhitespace: true }).code;

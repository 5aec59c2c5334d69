import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

/** Synthesis writes this first; a folder without it is not ours to clear. */
const MARK = "access.json";

/**
 * Makes the folder, or empties it: assets of earlier runs would stay for ever. The CDK command
 * keeps its locks there, which stay.
 *
 * @throws Error where it holds files of other origin
 */
export function clearOutputFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const contents = readdirSync(folder).filter((name) => !name.endsWith(".lock"));
  if (contents.length > 0 && !existsSync(path.join(folder, MARK)))
    throw new Error(
      `${folder} holds files that are not of an earlier synthesis, so it was not cleared and nothing was synthesized. Empty it, or name another folder in CDK_OUTDIR.`,
    );
  for (const name of contents) rmSync(path.join(folder, name), { recursive: true });
}

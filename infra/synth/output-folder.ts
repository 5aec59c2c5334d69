import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

/** Synthesis writes this file first. A folder without it belongs to somebody else. */
const MARK = "access.json";

/**
 * Makes the folder, or empties it, since assets of earlier runs would stay for ever. The CDK command's
 * locks stay.
 *
 * @throws Error where the folder holds files that no synthesis wrote
 */
export function clearOutputFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const contents = readdirSync(folder).filter((name) => !name.endsWith(".lock"));
  if (contents.length > 0 && !existsSync(path.join(folder, MARK)))
    throw new Error(
      `${folder} holds files that no synthesis wrote. It was not cleared, and nothing was synthesized. Empty it, or name another folder in CDK_OUTDIR.`,
    );
  for (const name of contents) rmSync(path.join(folder, name), { recursive: true });
}

/** The sandbox's folder: only one that the sandbox made is written to, and emptied. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A file with this name says that the folder is a sandbox's. */
export const MARKER = "timelatch-sandbox";

const MARKER_TEXT = `The sandbox of Timelatch keeps its state in this folder.
Without this file, "npm run sandbox" refuses to use or to empty the folder.
`;

/**
 * Makes the folder, or takes it over where it is empty or a sandbox's already.
 *
 * @param dir absolute
 * @throws Error for any other folder; nothing in it is changed
 */
export function claimFolder(dir: string): void {
  mkdirSync(dir, { recursive: true });
  const names = readdirSync(dir);
  if (names.includes(MARKER)) return;
  if (names.length > 0)
    throw new Error(
      `${dir} is not empty, and no sandbox made it: it has no file ${MARKER}. Nothing was started or changed. ` +
        "Choose a new or empty folder with --dir, or delete this one yourself.",
    );
  writeFileSync(path.join(dir, MARKER), MARKER_TEXT);
}

/**
 * The files that `--fresh` deletes. The ports and the synthesized stack stay, and so does
 * everything that is not ours.
 */
const FILES = ["dynamodb", "logs", "aws", "kubeconfig", "env"];

/** It stays as the ports do, since people's kubeconfigs pin both. */
const CERTIFICATE = "tls.json";

/** Deletes the state in a folder that {@link claimFolder} has claimed. */
export function emptyFolder(dir: string): void {
  const state = existsSync(path.join(dir, "state")) ? readdirSync(path.join(dir, "state")) : [];
  const gone = state.filter((name) => name !== CERTIFICATE).map((name) => path.join("state", name));
  for (const name of [...FILES, ...gone])
    rmSync(path.join(dir, name), { recursive: true, force: true });
}

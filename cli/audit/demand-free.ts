/** Whether a file may take its place: evidence that is there is never replaced without a word. */
import { lstat } from "node:fs/promises";
import { Failure } from "../failures/failure.ts";

/**
 * The file system may still get a file of that name later: this looks once, before anything is fetched.
 *
 * @param overwrite whether `--overwrite` was given: a file goes, or a link, but not its target
 * @param notDone `Nothing was exported.`
 * @throws Failure `usage` where something is there that stays
 */
export async function demandFree(
  out: string,
  overwrite: true | undefined,
  notDone: string,
): Promise<void> {
  const there = await lstat(out).catch(() => undefined);
  if (there === undefined) return;
  const isFile = there.isFile() || there.isSymbolicLink();
  if (isFile && overwrite) return;
  throw new Failure("usage", isFile ? "already-there" : "cannot-write", {
    what: isFile ? `${out} is there already.` : `${out} is there, and is not a file.`,
    notDone,
    next: [
      isFile
        ? "Next: name another file with --out, or replace this one with --overwrite."
        : "Next: name a file in a folder that you may write to with --out.",
    ],
  });
}

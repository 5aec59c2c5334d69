/** Writes files into a folder that holds no file of theirs: all of them, or nothing. */
import { lstat, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../failures/failure.ts";
import { fileErrorWords } from "../failures/file-error.ts";

/** @throws Failure `conflict` where the folder has one of these files, with a line for each */
export async function refusePresent(folder: string, names: readonly string[]): Promise<void> {
  const there: string[] = [];
  for (const name of names)
    if (await lstat(path.join(folder, name)).catch(() => undefined)) there.push(name);
  if (there.length > 0) throw filesThere(folder, there);
}

/** @throws Failure `conflict` as {@link refusePresent}; `unwritten` */
export async function writeNewFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await refusePresent(folder, Object.keys(files));
  const written: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      // Somebody may have written it since.
      await writeFile(path.join(folder, name), text, { flag: "wx" });
      written.push(name);
    }
  } catch (error) {
    for (const name of written) await rm(path.join(folder, name), { force: true });
    throw notWritten(folder, error);
  }
}

const filesThere = (folder: string, names: readonly string[]) =>
  new Failure("conflict", "files-there", {
    what: `${folder} has ${names.length === 1 ? "a file" : "files"} of a deployment already.`,
    notDone: "Nothing was written, and nothing was overwritten.",
    findings: names,
    next: ["Next: name another folder, or edit these files by hand."],
  });

const notWritten = (folder: string, error: unknown) =>
  new Failure(
    "unwritten",
    "folder-unwritten",
    {
      what: `Cannot write into ${folder}: ${fileErrorWords(error)}.`,
      notDone: "Nothing was written.",
      next: ["Next: name a folder that you may write to."],
    },
    { cause: error },
  );

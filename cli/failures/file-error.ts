/** Failures of the file system, in words for people. */

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "you have no permission for that",
  EEXIST: "it is there already",
  EISDIR: "it is a folder, not a file",
  ENOENT: "there is no such file or folder",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of its path is a file, not a folder",
  EROFS: "the disk takes no changes",
  Z_BUF_ERROR: "it is cut off",
  Z_DATA_ERROR: "its compression is not sound",
};

/**
 * The words for an error of the file system: `there is no such file or folder`. A rare one keeps the system's own, without
 * the call and the path.
 */
export function fileErrorWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  const known = code !== undefined && Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
  return known ?? error.message.replace(/, \w+(?: '.*')?$/s, "");
}

/** `Cannot read q4.ndjson: there is no such file or folder.` @param place where the error names no file */
export const cannotReadText = (error: Error, place = "a file"): string =>
  `Cannot read ${(error as NodeJS.ErrnoException).path ?? place}: ${fileErrorWords(error)}.`;

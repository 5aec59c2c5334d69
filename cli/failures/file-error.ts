/**
 * The words of the file system, without the call and the path: `ENOSPC: no space left on device`.
 */
export const fileErrorWords = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/, \w+(?: '.*')?$/s, "");

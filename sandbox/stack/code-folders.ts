/**
 * Answers the folder with a function's code, by its key in S3.
 *
 * @param local folders with code that never was in S3
 */
export const codeFolders =
  (local: Readonly<Record<string, string>>) =>
  (key: string): string => {
    const folder = local[key];
    if (folder === undefined) throw new Error(`The sandbox has no code ${key}.`);
    return folder;
  };

import path from "node:path";

/** The repository's root. The stack finds its files from here, whatever the working directory is. */
const ROOT = path.resolve(import.meta.dirname, "../..");

export const inRepository = (...parts: readonly string[]) => path.join(ROOT, ...parts);

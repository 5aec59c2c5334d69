import path from "node:path";

/** The repository's root: every file that the stack names is found from here, wherever it is started. */
const ROOT = path.resolve(import.meta.dirname, "../..");

export const inRepository = (...parts: readonly string[]) => path.join(ROOT, ...parts);

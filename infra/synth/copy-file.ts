/** `node copy-file.ts FROM TO` copies a file. CDK runs it after bundling, under any system's shell. */
import { copyFileSync } from "node:fs";

const [from, to] = process.argv.slice(2);
if (!from || !to)
  throw new Error(
    "copy-file.ts needs two paths: the file, and where to copy it. Nothing was copied.",
  );
copyFileSync(from, to);

/** `node bundle-functions.ts FOLDER` bundles every function. Synthesis waits for it: esbuild works in turns of its own. */
import { bundleFunctions } from "./function-bundles.ts";

const [folder] = process.argv.slice(2);
if (!folder)
  throw new Error(
    "bundle-functions.ts needs the folder to write bundles into. Nothing was written.",
  );
await bundleFunctions(folder);

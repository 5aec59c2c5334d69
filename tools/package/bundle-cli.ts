/** The `timelatch` command as one file that needs no other. */
import path from "node:path";
import { build } from "esbuild";
import { licenceTexts } from "./third-party-licences.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** The oldest Node.js that the packed command was played under. */
export const OLDEST_NODE = [22, 12] as const;

/**
 * Refuses an older Node.js in one line, before the bundle calls what that one lacks. It is written
 * in what every Node.js can read.
 */
export const NODE_CHECK = `(function () {
  var is = process.versions.node.split(".").map(Number);
  if (is[0] > ${OLDEST_NODE[0]} || (is[0] === ${OLDEST_NODE[0]} && is[1] >= ${OLDEST_NODE[1]})) return;
  process.stderr.write("timelatch: it needs Node.js ${OLDEST_NODE.join(".")} or newer; this is " + process.version + ". Nothing was started.\\n  Next: install a newer one: https://nodejs.org\\n");
  process.exit(1);
})();`;

export interface CliBundle {
  /** The program, which starts with the line that has a shell run it by Node.js. */
  readonly code: string;
  /** The licences of everything in it that is not ours. */
  readonly licences: string;
}

/**
 * CommonJS, since that is what a single executable holds. Modules' own `import()` stays lazy within
 * the file.
 */
export async function bundleCli(): Promise<CliBundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["cli/main.ts"],
    outfile: "timelatch.cjs",
    write: false,
    bundle: true,
    minify: true,
    metafile: true,
    platform: "node",
    format: "cjs",
    // An older Node.js has to be able to read the file, to refuse it.
    target: "node20",
    // ES modules first, of which esbuild leaves out what nothing uses.
    mainFields: ["module", "main"],
    // Their texts are in a file of their own.
    legalComments: "none",
    banner: { js: `#!/usr/bin/env node\n${NODE_CHECK}` },
  });
  const [file] = outputFiles;
  if (!file) throw new Error("esbuild wrote no file. Nothing was packed.");
  return { code: file.text, licences: licenceTexts("timelatch.cjs", Object.keys(metafile.inputs)) };
}

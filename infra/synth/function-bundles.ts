/** The code of every function, each in one file. All are made in one run, which reads each module once. */
import { globSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, build } from "esbuild";
import { inRepository } from "./repository.ts";

/** How each function is bundled. */
export const FUNCTION_BUNDLE = {
  absWorkingDir: inRepository(),
  bundle: true,
  minify: true,
  platform: "node",
  target: "node24",
  format: "esm",
  // `module` first: the SDK's CommonJS builds call require() at load, which ESM lacks.
  mainFields: ["module", "main"],
  // Nothing is external: the SDK that the runtime brings may be older than the one that the tests ran with.
} as const satisfies BuildOptions;

/**
 * Writes `<folder>/<name>/index.mjs` for each `functions/<name>.ts`.
 *
 * @returns the files that it read, from the repository's root
 */
export async function bundleFunctions(folder: string): Promise<readonly string[]> {
  const names = globSync("functions/*.ts", { cwd: inRepository() })
    .map((file) => path.basename(file, ".ts"))
    .sort();
  const { metafile } = await build({
    ...FUNCTION_BUNDLE,
    metafile: true,
    entryPoints: names.map((name) => ({ in: `functions/${name}.ts`, out: `${name}/index` })),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
  });
  return Object.keys(metafile.inputs);
}

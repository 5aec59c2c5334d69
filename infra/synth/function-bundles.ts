/** The code of every function, each in one file. All are made in one run, which reads each module once. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { inRepository } from "./repository.ts";

/**
 * Our JSON is a text in a bundle, parsed where it is used. As an object literal, which esbuild would
 * write, V8 reads it more slowly, and reads it at each load. Packages keep theirs: of that esbuild
 * leaves out what nobody uses.
 * https://v8.dev/blog/cost-of-javascript-2019#json
 */
const JSON_AS_TEXT: Plugin = {
  name: "json-as-text",
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.json$/ }, ({ path: file }) => {
      if (file.includes("/node_modules/")) return undefined;
      const text = JSON.stringify(JSON.parse(readFileSync(file, "utf8")));
      return { contents: `export default JSON.parse(${JSON.stringify(text)});`, loader: "js" };
    });
  },
};

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
  plugins: [JSON_AS_TEXT],
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

/** The code of every function, each in one file. All are made in one run, which reads each module once. */
import { copyFileSync, globSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { inRepository } from "./repository.ts";

const NAMESPACE = "builtin";

/**
 * Has a bundle require Node's own modules. To import one as an ES module reads all of its exports. With that Node
 * makes what nobody asked for: `node:http` loads undici, which takes a fifth of a function's load. Lambda's runtime
 * requires it too:
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/client/rapid-client.ts
 */
const BUILTIN_MODULES: Plugin = {
  name: "builtin-modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z_:/\d]+$/ }, ({ path }) =>
      isBuiltin(path) ? { path, namespace: NAMESPACE, sideEffects: false } : undefined,
    );
    onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** Whether an input of a bundle is a file, and no module of Node's own. */
export const isFile = (input: string): boolean => !input.startsWith(`${NAMESPACE}:`);

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
  plugins: [BUILTIN_MODULES],
  // Nothing is external: the SDK that the runtime brings may be older than the one that the tests ran with.
} satisfies BuildOptions;

/**
 * Files beside the code of a function, which few calls read. Bundled, each load would read them: 3 ms for the API's
 * description.
 */
const BESIDE: Readonly<Record<string, string>> = { api: "docs/openapi.json" };

/**
 * Writes `<folder>/<name>/index.mjs` for each `functions/<name>.ts`, and what belongs beside it.
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
  for (const [name, file] of Object.entries(BESIDE))
    copyFileSync(inRepository(file), path.join(folder, name, path.basename(file)));
  return Object.keys(metafile.inputs).filter(isFile);
}

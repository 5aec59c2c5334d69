import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import type { Mutant } from "./mutants/mutant.ts";
import type { SCENARIOS } from "./scenarios.ts";
import type { simulate } from "./simulate.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Packages are the same for every mutant: they stay outside its bundle, and load once. */
const packages: Plugin = {
  name: "packages",
  setup(bundling) {
    bundling.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
      kind === "entry-point" ? undefined : { path: import.meta.resolve(name), external: true },
    );
  },
};

/** What the bundle of a mutant exports. */
export interface Broken {
  readonly simulate: typeof simulate;
  readonly SCENARIOS: typeof SCENARIOS;
}

const ENTRY = `
export { simulate } from "./simulation/simulate.ts";
export { SCENARIOS } from "./simulation/scenarios.ts";
`;

/**
 * Bundles the simulation with a mutant's edits, so that shipped code contains nothing of mutants.
 *
 * @throws Error where a text to change does not occur exactly once, or nothing imports its file
 */
export async function loadMutant(mutant: Pick<Mutant, "name" | "edits">): Promise<Broken> {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: ROOT, loader: "ts" },
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node22",
    logLevel: "silent",
    plugins: [packages, edited(mutant)],
  });
  const [bundle] = outputFiles;
  if (!bundle) throw new Error(`The mutant ${mutant.name} was not built.`);
  const code = Buffer.from(bundle.text).toString("base64");
  return (await import(/* @vite-ignore */ `data:text/javascript;base64,${code}`)) as Broken;
}

function edited({ name, edits }: Pick<Mutant, "name" | "edits">): Plugin {
  return {
    name: "mutant",
    setup(bundling) {
      const left = new Set(edits);
      const names = edits.map(({ file }) => path.basename(file).replaceAll(".", "\\."));
      // Esbuild asks for files of these names alone: an answer from here takes it longer than a file.
      bundling.onLoad({ filter: new RegExp(`[/\\\\](${names.join("|")})$`) }, ({ path: file }) => {
        const own = edits.filter((edit) => path.join(ROOT, edit.file) === file);
        if (own.length === 0) return undefined;
        let contents = readFileSync(file, "utf8");
        for (const edit of own) {
          left.delete(edit);
          const parts = contents.split(edit.from);
          if (parts.length !== 2)
            throw new Error(
              `${name} changes a text that occurs ${parts.length - 1} times in ${edit.file}: ${edit.from}`,
            );
          contents = parts.join(edit.to);
        }
        return { contents, loader: "ts" };
      });
      bundling.onEnd(() => {
        for (const { file } of left)
          throw new Error(
            `${name} changes ${pathToFileURL(file).pathname}, which nothing imports.`,
          );
      });
    },
  };
}

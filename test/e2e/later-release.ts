/**
 * A possible later release of this checkout: it writes newer schemas, and more in each item, as
 * UPGRADING.md lets it. Its bundles are built from changed sources.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build, type Plugin } from "esbuild";
import { FUNCTION_BUNDLE } from "../../infra/synth/function-bundles.ts";
import { synthesize } from "../../lab/sandbox/process/synthesize.ts";
import { localCode, type Template, templateText } from "../../lab/sandbox/template/assembly.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** The functions that store requests and ledgers, by the beginning of their logical ids. */
const CHANGED = { api: "ApiFunction", converge: "ConvergeFunction", sweep: "SweepFunction" };

/** By file, what a line becomes. */
const CHANGES: Readonly<Record<string, readonly [before: string, after: string]>> = {
  "shared/aws/dynamodb/keys.ts": ["export const SCHEMA = 1;", "export const SCHEMA = 2;"],
  "shared/usecases/requests/new-request.ts": [
    "    schema: 1,\n",
    '    schema: 2,\n    later: "request",\n',
  ],
  "shared/domain/requests/lifecycle.ts": [
    "    schema: 1,\n",
    '    schema: 2,\n    later: "event",\n',
  ],
  "shared/domain/entries/ledger.ts": [
    "  schema: 2,\n  revision: 0,\n",
    '  schema: 3,\n  later: "ledger",\n  revision: 0,\n',
  ],
};

/** @throws an error for a change that its file has no place for */
const laterSources: Plugin = {
  name: "later-release",
  setup({ onLoad }) {
    onLoad({ filter: /\/shared\/.*\.ts$/ }, ({ path: file }) => {
      const change = CHANGES[path.relative(ROOT, file)];
      if (!change) return undefined;
      const [before, after] = change;
      const source = readFileSync(file, "utf8");
      if (source.split(before).length !== 2)
        throw new Error(`${file} does not have this once: ${before}`);
      return { contents: source.replace(before, after), loader: "ts" };
    });
  },
};

/** Makes its assembly in `dir`. @returns the folder for `--assembly` */
export async function laterRelease(dir: string): Promise<string> {
  const outdir = await synthesize(dir, 0, () => undefined);
  const { Resources } = JSON.parse(templateText(outdir, "Timelatch")) as Template;
  const code = localCode(outdir, "Timelatch");
  const { outputFiles } = await build({
    ...FUNCTION_BUNDLE,
    entryPoints: Object.keys(CHANGED).map((name) => `functions/${name}.ts`),
    ...{ write: false, outdir: "functions", outExtension: { ".js": ".mjs" } },
    plugins: [...FUNCTION_BUNDLE.plugins, laterSources],
  });
  for (const [name, logicalId] of Object.entries(CHANGED)) {
    const bundle = outputFiles.find((file) => path.basename(file.path) === `${name}.mjs`);
    const [, fn] =
      Object.entries(Resources).find(
        ([id, { Type }]) => Type === "AWS::Lambda::Function" && id.startsWith(logicalId),
      ) ?? [];
    const { S3Key } = (fn?.Properties?.["Code"] ?? {}) as { readonly S3Key?: string };
    const folder = code[S3Key ?? ""];
    if (!bundle || !folder) throw new Error(`The assembly has no code of ${logicalId}.`);
    writeFileSync(path.join(folder, "index.mjs"), bundle.contents);
  }
  return outdir;
}

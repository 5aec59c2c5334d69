import { globSync, readFileSync } from "node:fs";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { FUNCTION_BUNDLE, isFile } from "../../../infra/synth/function-bundles.ts";
import { inRepository } from "../../../infra/synth/repository.ts";

const FUNCTIONS = globSync("functions/*.ts", { cwd: inRepository() });

/**
 * The outputs of esbuild for each function's bundle. All are made in one run, as they are deployed.
 */
const outputs = build({
  ...FUNCTION_BUNDLE,
  entryPoints: FUNCTIONS,
  outdir: "functions",
  write: false,
  metafile: true,
  logLevel: "silent",
}).then(({ metafile }) => Object.values(metafile.outputs));

async function outputOf(file: string) {
  const found = (await outputs).find(({ entryPoint }) => entryPoint === file);
  if (!found) throw new Error(`${file} has no bundle.`);
  return found;
}

/** The files of a function's bundle, from the repository's root. */
const filesIn = async (file: string): Promise<readonly string[]> =>
  Object.keys((await outputOf(file)).inputs);

const packageOf = (file: string) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [];

/** A schema that its module makes while it loads. */
const SCHEMA_AT_LOAD = /^(?:export )?const \w+ = z\b/m;

const { packages: locked } = JSON.parse(
  readFileSync(inRepository("package-lock.json"), "utf8"),
) as { packages: Readonly<Record<string, { readonly dev?: boolean }>> };

/** Whether only development needs it. The SDK may need what we name for tests as well. */
const isForDevelopment = (name: string) => locked[`node_modules/${name}`]?.dev === true;

describe.each(FUNCTIONS)("the bundle of %s", (file) => {
  const files = filesIn(file);

  it("the bundle holds no development dependency, and nothing under the AGPL", async () => {
    const packages = new Set((await files).flatMap(packageOf));
    expect([...packages].filter((name) => name.startsWith("@aws-sdk/client-"))).not.toEqual([]);
    expect([...packages].filter(isForDevelopment)).toEqual([]);
    expect([...packages].filter((name) => name.startsWith("@cloud-copilot/"))).toEqual([]);
  });

  it("the bundle imports no module of Node, since that makes all that the module has", async () => {
    expect((await outputOf(file)).imports).toEqual([]);
    expect((await files).filter((each) => !isFile(each))).toContain("builtin:node:http");
  });

  it("the function makes no schema while it loads", async () => {
    const own = (await files).filter((each) => each.startsWith("shared/") && each.endsWith(".ts"));
    expect(own).not.toEqual([]);
    const text = (each: string) => readFileSync(inRepository(each), "utf8");
    expect(own.filter((each) => SCHEMA_AT_LOAD.test(text(each)))).toEqual([]);
  });
});

import { globSync, readFileSync } from "node:fs";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { FUNCTION_BUNDLE } from "../../infra/synth/function-bundles.ts";
import { inRepository } from "../../infra/synth/repository.ts";

/** The packages whose code a function's bundle holds. */
async function packagesIn(file: string): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    ...FUNCTION_BUNDLE,
    entryPoints: [file],
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  return new Set(
    Object.keys(metafile.inputs).flatMap(
      (input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? [],
    ),
  );
}

const { packages: locked } = JSON.parse(
  readFileSync(inRepository("package-lock.json"), "utf8"),
) as { packages: Readonly<Record<string, { readonly dev?: boolean }>> };

/** Whether only development needs it. The SDK may need what we name for tests as well. */
const isForDevelopment = (name: string) => locked[`node_modules/${name}`]?.dev === true;

describe.each(globSync("functions/*.ts", { cwd: inRepository() }))("the bundle of %s", (file) => {
  it("the bundle holds no development dependency, and nothing under the AGPL", async () => {
    const packages = await packagesIn(file);
    expect(packages).toContain("@aws-sdk/client-dynamodb");
    expect([...packages].filter(isForDevelopment)).toEqual([]);
    expect([...packages].filter((name) => name.startsWith("@cloud-copilot/"))).toEqual([]);
  });
});

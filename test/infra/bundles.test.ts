import { globSync, readFileSync } from "node:fs";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { inRepository } from "../../infra/synth/repository.ts";

/** The packages whose code a function's bundle holds. */
async function packagesIn(file: string): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    absWorkingDir: inRepository(),
    entryPoints: [file],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    logLevel: "silent",
  });
  return new Set(
    Object.keys(metafile.inputs).flatMap(
      (input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? [],
    ),
  );
}

const { devDependencies } = JSON.parse(readFileSync(inRepository("package.json"), "utf8")) as {
  devDependencies: Readonly<Record<string, string>>;
};

describe.each(globSync("functions/*.ts", { cwd: inRepository() }))("the bundle of %s", (file) => {
  it("the bundle holds no development dependency, and nothing under the AGPL", async () => {
    const packages = await packagesIn(file);
    expect(packages).toContain("@aws-sdk/client-dynamodb");
    expect([...packages].filter((name) => name in devDependencies)).toEqual([]);
    expect([...packages].filter((name) => name.startsWith("@cloud-copilot/"))).toEqual([]);
  });
});

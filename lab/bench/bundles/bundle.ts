/** Bundles a module as infra bundles a function. */
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, build, type Metafile } from "esbuild";
import { compileAccessFile, readAccessFile } from "../../../infra/synth/access-file.ts";
import { FUNCTION_BUNDLE } from "../../../infra/synth/function-bundles.ts";
import { inRepository } from "../../../infra/synth/repository.ts";

/**
 * @param entry from the root of the repository, or absolute
 * @param how what is otherwise than for functions
 */
export async function bundle(
  entry: string,
  file: string,
  how: Pick<BuildOptions, "plugins" | "banner"> = {},
): Promise<{ readonly bytes: number; readonly metafile: Metafile }> {
  const { metafile } = await build({
    ...FUNCTION_BUNDLE,
    ...how,
    entryPoints: [entry],
    outfile: file,
    metafile: true,
    logLevel: "error",
  });
  return { bytes: statSync(file).size, metafile };
}

/** A folder with the compiled policy, in the repository: bare bundles find their packages there. */
export async function inBundleFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(inRepository("cdk.out"), { recursive: true });
  const folder = mkdtempSync(path.join(inRepository("cdk.out"), "bench-"));
  try {
    compileAccessFile(readAccessFile(inRepository("access.yaml")), folder);
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * One folder for the assemblies of all sandboxes of a test run, so that each variant is synthesized
 * once, and one for the functions' bundles, which are the same in all of them. The variant of most tests
 * is made here, since several tests start at the same time.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundleFunctions } from "../../infra/synth/function-bundles.ts";
import { synthesize } from "../../lab/sandbox/process/synthesize.ts";

export async function setup(): Promise<() => void> {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-assemblies-"));
  process.env["TIMELATCH_ASSEMBLY_CACHE"] = folder;
  process.env["TIMELATCH_CODE_CACHE"] = path.join(folder, "code");
  const bundles = mkdtempSync(path.join(folder, "bundles-"));
  await bundleFunctions(bundles);
  process.env["TIMELATCH_BUNDLES"] = bundles;
  await synthesize(mkdtempSync(path.join(folder, "first-")), 0, () => undefined);
  return () => rmSync(folder, { recursive: true, force: true });
}

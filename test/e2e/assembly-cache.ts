/**
 * One folder for the assemblies of all sandboxes of a test run, so that each variant is synthesized
 * once. The variant of most tests is made here, since several tests start at the same time.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { synthesize } from "../../lab/sandbox/process/synthesize.ts";

export async function setup(): Promise<() => void> {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-assemblies-"));
  process.env["TIMELATCH_ASSEMBLY_CACHE"] = folder;
  await synthesize(mkdtempSync(path.join(folder, "first-")), 0, () => undefined);
  return () => rmSync(folder, { recursive: true, force: true });
}

/** One folder for the assemblies of all sandboxes of a test run: each variant is synthesized once. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export function setup(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-assemblies-"));
  process.env["TIMELATCH_ASSEMBLY_CACHE"] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

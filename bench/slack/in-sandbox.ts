/** What needs a whole sandbox: acknowledgements, calls for one grant, and a flood of forged calls. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startSandboxProcess } from "../../test/e2e/sandbox-process.ts";
import type { Figure } from "../storm/figure.ts";
import { benchAcknowledgements } from "./acknowledgements.ts";
import { benchFlood } from "./flood.ts";

export async function benchInSandbox(progress: (line: string) => void): Promise<readonly Figure[]> {
  const dir = mkdtempSync(path.join(tmpdir(), "timelatch-bench-"));
  progress("Start of a sandbox");
  const sandbox = await startSandboxProcess(["--dir", dir]);
  try {
    progress("Acknowledgements in Slack, cold and warm");
    const acknowledgements = await benchAcknowledgements(sandbox);
    progress("A flood of forged calls while grants end");
    return [...acknowledgements, ...(await benchFlood(sandbox))];
  } finally {
    await sandbox.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

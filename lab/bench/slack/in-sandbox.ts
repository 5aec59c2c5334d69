/**
 * The figures that need a whole sandbox: acknowledgements, calls for one grant, and a flood of
 * forged calls.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type SandboxProcess, startSandboxProcess } from "../../../test/e2e/sandbox-process.ts";
import type { Figure } from "../storm/figure.ts";
import { benchAcknowledgements } from "./acknowledgements.ts";
import { benchFlood } from "./flood.ts";

export async function benchInSandbox(progress: (line: string) => void): Promise<readonly Figure[]> {
  const dir = mkdtempSync(path.join(tmpdir(), "timelatch-bench-"));
  progress("Start of a sandbox");
  let sandbox: SandboxProcess | undefined;
  try {
    sandbox = await startSandboxProcess(["--dir", dir]);
    progress("Acknowledgements in Slack, cold and warm");
    const acknowledgements = await benchAcknowledgements(sandbox);
    progress("A flood of forged calls while grants end");
    return [...acknowledgements, ...(await benchFlood(sandbox))];
  } finally {
    await sandbox?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Whether Slack's side is small and quick enough, and keeps up when many ask at once. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type SandboxProcess, startSandboxProcess } from "../../test/e2e/sandbox-process.ts";
import { boundsReport } from "./bounds-report.ts";
import type { Suite } from "./report.ts";
import { benchAcknowledgements } from "./slack/acknowledgements.ts";
import { benchBundles } from "./slack/bundles.ts";
import { benchFlood } from "./slack/flood.ts";
import { benchHours } from "./slack/hours.ts";
import type { Figure } from "./storm/figure.ts";

export const benchSlack: Suite = async (progress) => {
  const figures = [
    ...(await benchBundles(progress)),
    ...(await benchHours(progress)),
    ...(await benchInSandbox(progress)),
  ];
  return boundsReport(figures, "", {});
};

/**
 * The figures that need a whole sandbox: acknowledgements, calls for one grant, and a flood of
 * forged calls.
 */
async function benchInSandbox(progress: (line: string) => void): Promise<readonly Figure[]> {
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

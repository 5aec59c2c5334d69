import { firstLine } from "./last-lines.ts";
import type { SandboxControl } from "./sandbox-control.ts";

/**
 * Starts the sandbox unless it runs, and tries that twice.
 *
 * @param remarks gets a line where the first try fails
 * @param more options beside its own
 * @throws Error where the second try fails too
 */
export async function ensureStarted(
  control: Pick<SandboxControl, "start">,
  remarks: string[],
  more: readonly string[] = [],
): Promise<void> {
  try {
    await control.start(more);
  } catch (error) {
    remarks.push(`The sandbox did not start, so it was started once more: ${firstLine(error)}`);
    await control.start(more);
  }
}

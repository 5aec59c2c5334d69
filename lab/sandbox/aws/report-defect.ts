import { visibleLines } from "../../../shared/domain/values/visible-text.ts";

/**
 * Prints a defect of the sandbox on stderr, with its stack. The text may quote a caller's input, so
 * characters that a terminal hides or obeys are written as escapes.
 *
 * @param what what failed: `eks:DescribeCluster`
 */
export function reportDefect(what: string, thrown: unknown): void {
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  process.stderr.write(`${visibleLines(`sandbox: ${what} failed unexpectedly: ${text}`)}\n`);
}

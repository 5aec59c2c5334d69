/** Picks the lines of an error and of a log that a report shows. */

const LINES = 30;

/** An error's first line: that of a sandbox which did not start has its whole log below. */
export const firstLine = (error: unknown): string => String(error).split("\n", 1)[0] ?? "";

/** The same error with the last lines of the sandbox's log, which goes with its folder. */
export function withLastLines(error: unknown, log: string): Error {
  const last = log.trimEnd().split("\n").slice(-LINES).join("\n");
  const message = error instanceof Error ? error.message : String(error);
  return new Error(`${message}\nThe last lines of the sandbox's log:\n${last}`, { cause: error });
}

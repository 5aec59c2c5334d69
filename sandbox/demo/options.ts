/** What `npm run demo` understands. */
import { parseArgs } from "node:util";
import { UsageError } from "../process/options.ts";

export interface DemoOptions {
  /** Progress goes to stderr, and stdout gets one line of JSON at the end. */
  readonly json: boolean;
}

export const HELP = `npm run demo -- [options]

Starts a fresh sandbox, plays a night on call in it with the real timelatch, kubectl and aws, and
removes it again: access is asked for, approved, lent, overlapped and gone on time, with proof.
Takes about 45 seconds. Exit status 0 only if every step went as told.

  --json    progress on stderr; the last line on stdout is one line of JSON:
            {"ok":true,"steps":[{"name","ok","detail"}…],"canI":{"before","during","after"}}
  --help    print this
`;

/**
 * Reads the command line; `"help"` where it asks for that. Throws {@link UsageError} for whatever
 * it does not understand.
 */
export function parseDemoOptions(argv: readonly string[]): DemoOptions | "help" {
  try {
    const { values } = parseArgs({
      args: [...argv],
      strict: true,
      allowPositionals: false,
      options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    return values.help ? "help" : { json: values.json ?? false };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

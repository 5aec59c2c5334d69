/** The `timelatch` command: runs one command line, and ends with one of `EXIT_CODES`. */
import { CommanderError } from "commander";
import { visibleJson } from "../shared/domain/values/visible-text.ts";
import { failureOf } from "./failures/command-failure.ts";
import { EXIT_CODES } from "./failures/exit-codes.ts";
import { failureDocument, failureText } from "./failures/failure.ts";
import { buildProgram } from "./program.ts";
import { processScreen } from "./terminal/screen.ts";

/** A reader that stops reading (`timelatch list | head`) is no error. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? EXIT_CODES.done.code : EXIT_CODES.unexpected.code);
});

const screen = processScreen(process.env);
const code = await main(process.argv.slice(2));
// A call that nobody waits for must not keep the process alive.
process.stdout.write("", () => process.exit(code));

async function main(args: readonly string[]): Promise<number> {
  const program = buildProgram(screen, process.env);
  try {
    await program.parseAsync(args, { from: "user" });
    return EXIT_CODES.done.code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_CODES.done.code;
    const failure = failureOf(error, program, args);
    // Help in place of a missing command is printed already.
    if (failure)
      screen.err.write(
        args.includes("--json")
          ? `${visibleJson(failureDocument(failure), 2)}\n`
          : failureText(failure, screen.err.columns),
      );
    return EXIT_CODES[failure?.exit ?? "usage"].code;
  }
}

/** Runs one command line of `timelatch`. */
import { CommanderError } from "commander";
import { visibleJson } from "../shared/domain/values/visible-text.ts";
import { failureOfCommand, storedChanges } from "./changes/stored-changes.ts";
import type { Context } from "./context.ts";
import { failureOf } from "./failures/command-failure.ts";
import { EXIT_CODES } from "./failures/exit-codes.ts";
import { failureDocument, failureText } from "./failures/failure.ts";
import { ProgramEnded } from "./failures/program-ended.ts";
import { buildProgram } from "./program.ts";
import type { Screen } from "./terminal/screen.ts";

/**
 * @param args without the program's name
 * @param name what people type, for help
 * @returns one of `EXIT_CODES`, or the code of a program that the command ran; a failure is written to standard error already
 */
export async function runCommandLine(
  args: readonly string[],
  screen: Screen,
  env: Context["env"],
  name?: string,
): Promise<number> {
  const stored = storedChanges();
  const program = buildProgram(screen, env, name, stored);
  try {
    await program.parseAsync(args, { from: "user" });
    return EXIT_CODES.done.code;
  } catch (error) {
    if (error instanceof ProgramEnded) return error.code;
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_CODES.done.code;
    const made = failureOf(error, program, args);
    const failure = made && failureOfCommand(made, stored);
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

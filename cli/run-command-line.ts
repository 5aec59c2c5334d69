/** Runs one command line of `timelatch`. */
import { CommanderError } from "commander";
import { visibleJson } from "../shared/domain/values/visible-text.ts";
import { PLUGIN_COMPLETION } from "./called-as.ts";
import { failureOfCommand, storedChanges } from "./changes/stored-changes.ts";
import { commandTree } from "./completion/command-tree.ts";
import { cachedValues, pluginCompletion } from "./completion/plugin-completion.ts";
import { readConfig } from "./config/config-file.ts";
import type { Context } from "./context.ts";
import { failureOf } from "./failures/command-failure.ts";
import { EXIT_CODES } from "./failures/exit-codes.ts";
import { failureDocument, failureText } from "./failures/failure.ts";
import { ProgramEnded } from "./failures/program-ended.ts";
import { buildProgram } from "./program.ts";
import type { Screen } from "./terminal/screen.ts";

/**
 * @param args without the program's name
 * @param name what people type, for help; `PLUGIN_COMPLETION` completes the arguments in place of a command
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
  if (name === PLUGIN_COMPLETION) {
    screen.out.write(pluginCompletion(commandTree(program), args, cachedValues(env)));
    return EXIT_CODES.done.code;
  }
  try {
    await program.parseAsync(await wordsOf(args, env), { from: "user" });
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

/** Without a word, people want to know where they stand. Before an API is configured, they need the help. */
async function wordsOf(args: readonly string[], env: Context["env"]): Promise<readonly string[]> {
  if (args.length > 0) return args;
  const isConfigured = env["TIMELATCH_API"] || (await readConfig(env)).api;
  return isConfigured ? ["status"] : args;
}

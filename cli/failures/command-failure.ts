import { type Command, CommanderError } from "commander";
import { Failure } from "./failure.ts";

/**
 * What a command's end by an error comes to.
 *
 * @returns undefined for help that stood in for a missing command, and is told already
 */
export function failureOf(
  error: unknown,
  program: Command,
  args: readonly string[],
): Failure | undefined {
  if (error instanceof Failure) return error;
  if (error instanceof CommanderError)
    return error.code === "commander.help" ? undefined : wrongUsage(error, program, args);
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Failure(
    "unexpected",
    "unexpected",
    {
      happened: "timelatch itself failed.",
      undone: "What it was doing may or may not have been done.",
      next: ["Next: report this to who runs Timelatch:", ...what.split("\n")],
    },
    { cause: error },
  );
}

/** Commander's own words, as whole sentences. */
function wrongUsage(error: CommanderError, program: Command, args: readonly string[]): Failure {
  const happened = error.message
    .replace(/^error: /, "")
    .replace(/\n/g, " ")
    .replace(/[^.?)]$/, "$&.");
  return new Failure(
    "usage",
    "usage",
    {
      happened,
      undone: "Nothing was sent.",
      next: [`Next: ${commandIn(program, args)} --help`],
    },
    { cause: error },
  );
}

/** The name of the command that the arguments lead to: `timelatch audit export`. */
function commandIn(program: Command, args: readonly string[]): string {
  const found = args.reduce<Command>(
    (at, arg) => at.commands.find((command) => command.name() === arg) ?? at,
    program,
  );
  return found.parent?.parent
    ? `timelatch ${found.parent.name()} ${found.name()}`
    : found.parent
      ? `timelatch ${found.name()}`
      : "timelatch";
}

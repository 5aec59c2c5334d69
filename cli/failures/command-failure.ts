import { type Command, CommanderError } from "commander";
import { Failure } from "./failure.ts";
import { commandAt, unknownWord } from "./unknown-word.ts";

/**
 * The failure of a command that threw.
 *
 * @returns undefined for help in place of a missing command, which is printed already
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
      what: "timelatch failed; this is a bug.",
      notDone: "The command may or may not have been done.",
      next: ["Next: report this to whoever runs Timelatch:", ...what.split("\n")],
    },
    { cause: error },
  );
}

/** Commander's messages, as whole sentences. */
function wrongUsage(error: CommanderError, program: Command, args: readonly string[]): Failure {
  const what = error.message
    .replace(/^error: /, "")
    .replace(
      /^command-argument value '(.*)' is invalid for argument '(\w+)'\./,
      '"$1" is not a valid $2.',
    )
    .replace(
      /^option '(?:-\w, )?(--[\w-]+).*' argument '(.*?)' is invalid\./,
      '"$2" is not a valid $1.',
    )
    .replace(/^\w/, (first) => first.toUpperCase())
    .replace(/\n/g, " ")
    .replace(/[^.?)]$/, "$&.");
  return new Failure(
    "usage",
    "usage",
    {
      what: unknownWord(error.message, program, args) ?? what,
      notDone: "Nothing was sent.",
      next: [`Next: see ${commandIn(program, args)} --help.`],
    },
    { cause: error },
  );
}

/** The name of the command that the arguments lead to: `timelatch audit export`. */
function commandIn(program: Command, args: readonly string[]): string {
  const found = commandAt(program, args);
  return found.parent?.parent
    ? `timelatch ${found.parent.name()} ${found.name()}`
    : found.parent
      ? `timelatch ${found.name()}`
      : "timelatch";
}

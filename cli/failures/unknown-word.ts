/** Names a command or option that does not exist, and the one that was probably meant. */
import type { Command } from "commander";
import { meantText } from "../../shared/domain/values/nearest-text.ts";

const UNKNOWN = /^error: unknown (command|option) '(.*)'$/;
/** Without a known command, a group runs its default one, which takes no argument. */
const NOT_TAKEN = /^error: too many arguments .*got \d+: ([^,]*).*\.$/;

/**
 * The sentence about an unknown word.
 *
 * @param message commander's
 * @param args of the command line
 * @returns undefined where the message is about something else
 */
export function unknownWord(
  message: string,
  program: Command,
  args: readonly string[],
): string | undefined {
  const at = commandAt(program, args);
  const [, kind, name] = UNKNOWN.exec(message) ?? [];
  if (kind === "option" && name !== undefined)
    return `Unknown option '${name}'.${meantText(name, optionsOf(at))}`;
  // Help of a command names the command as its arguments.
  if (kind === "command" && at.name() === "help")
    return unknownWord(message, program, args.slice(args.indexOf("help") + 1));
  const [, notTaken] = NOT_TAKEN.exec(message) ?? [];
  const typed = name?.split(" ").at(-1) ?? (at.commands.length > 0 ? notTaken : undefined);
  if (typed === undefined) return undefined;
  const others = at
    .createHelp()
    .visibleCommands(at)
    .map((each) => each.name())
    // Commander lists a group's own help, which help of a command does not know.
    .filter((each) => each !== typed);
  const group = at.parent ? `${at.name()} ` : "";
  const meant = meantText(typed, others).replace("mean ", `mean ${group}`);
  return `Unknown command '${group}${typed}'.${meant}`;
}

/** The command that the arguments lead to. */
export const commandAt = (program: Command, args: readonly string[]): Command =>
  args.reduce<Command>(
    (at, arg) => at.commands.find((command) => command.name() === arg) ?? at,
    program,
  );

/** Long names of a command's options, and of those above it. */
const optionsOf = (command: Command): readonly string[] => [
  ...command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long }) => long ?? []),
  ...(command.parent ? optionsOf(command.parent) : []),
];

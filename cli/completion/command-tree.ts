/** The command line as plain data, from commander. */
import type { Argument, Command, Option } from "commander";
import type { Cached } from "./cached-values.ts";

/** The value of an option or an argument: a file, a choice, what a cache file lists, or any text. */
export interface Value {
  readonly file: boolean;
  /** Empty if any text is taken. */
  readonly choices: readonly string[];
  /** The cache file that lists values. */
  readonly cached?: Cached;
}

export interface Flag {
  readonly long: string;
  readonly short: string | undefined;
  readonly description: string;
  /** Undefined where the option takes none. */
  readonly value: Value | undefined;
}

export interface CommandNode {
  /** Where it is: `""` for `timelatch` itself, `/audit/export`. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  /** Its own, those of all above it, and those of the command that runs where none is named. */
  readonly flags: readonly Flag[];
  readonly args: readonly Value[];
  /** Whether it takes several files, so that each is completed. */
  readonly manyFiles: boolean;
  readonly children: readonly CommandNode[];
}

export function commandTree(command: Command, path = ""): CommandNode {
  const help = command.createHelp();
  const args = command.registeredArguments;
  const files = args.filter((argument) => takenBy(argument).file);
  const children = help
    .visibleCommands(command)
    .map((child) => commandTree(child, `${path}/${child.name()}`));
  const flags = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
  return {
    path,
    name: command.name(),
    description: command.description(),
    flags: withDefaults(flags.map(flagOf), command, children),
    args: args.map(takenBy),
    manyFiles: files.length > 1 || files.some(({ variadic }) => variadic),
    children,
  };
}

/** Commander names the default command only in a private field. */
const DEFAULT_COMMAND = "_defaultCommandName";

/** With the flags of the default command, as `timelatch findings --all` lists. */
function withDefaults(
  flags: readonly Flag[],
  command: Command,
  children: readonly CommandNode[],
): readonly Flag[] {
  const ran = children.find(({ name }) => name === Reflect.get(command, DEFAULT_COMMAND));
  const known = new Set(flags.map(({ long }) => long));
  return [...flags, ...(ran?.flags ?? []).filter(({ long }) => !known.has(long))];
}

/** A command and everything below it, itself first. */
export const withDescendants = (node: CommandNode): readonly CommandNode[] => [
  node,
  ...node.children.flatMap(withDescendants),
];

/** The commands that take several files, for the arms of a shell's `case`. */
export const pathsOfManyFiles = (root: CommandNode): string =>
  withDescendants(root)
    .flatMap(({ path, manyFiles }) => (manyFiles ? [path] : []))
    .join("|");

const flagOf = (option: Option): Flag => ({
  long: option.long ?? option.flags,
  short: option.short,
  description: option.description,
  value: option.required || option.optional ? takenBy(option) : undefined,
});

/** Options and arguments whose values only the API knows. */
const CACHED_VALUES: Readonly<Record<string, Cached>> = {
  "--cluster": "clusters",
  "--policy": "policies",
  "--namespace": "namespaces",
  "--group": "groups",
  "--rule": "rules",
  id: "ids",
};

function takenBy(taker: Argument | Option): Value {
  const placeholder = "flags" in taker ? taker.flags : taker.name();
  const name = "flags" in taker ? (taker.long ?? "") : taker.name();
  const cached = CACHED_VALUES[name];
  return {
    file: /\b(?:files?|pem)\b/.test(placeholder),
    choices: taker.argChoices ?? [],
    ...(cached === undefined ? {} : { cached }),
  };
}

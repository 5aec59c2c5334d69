/**
 * The command lines of the npm scripts. `--help` prints the usage and exits 0. An option that a
 * script does not understand is refused in one line, with exit code 2, before anything runs.
 */
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";

export interface CommandLine<Options extends ParseArgsOptionsConfig> {
  /** The script's name in package.json. */
  readonly script: string;
  /** The output of `--help`: usage, purpose, and one line for each option. */
  readonly help: string;
  readonly options: Options;
  /** Whether it takes arguments besides options; refused unless set. */
  readonly takesArguments?: boolean;
}

type Parsed<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; allowPositionals: true; strict: true }>
>;

/** A mistake on the command line. Its message is one line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Reads the arguments of a script.
 *
 * @returns what was given, or `"help"` where `--help` or `-h` is among it
 * @throws UsageError for an unknown option, a missing value, or an argument that it does not take
 */
export function parseCommandLine<const Options extends ParseArgsOptionsConfig>(
  { options, takesArguments = false }: CommandLine<Options>,
  args: readonly string[],
): Parsed<Options> | "help" {
  if (args.includes("--help") || args.includes("-h")) return "help";
  try {
    return parseArgs({
      args: [...args],
      options,
      allowPositionals: takesArguments,
      strict: true,
    }) as Parsed<Options>;
  } catch (error) {
    // Node.js adds advice on how to pass such an argument on, which no script wants.
    const [sentence = ""] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(`${sentence.replace(/\.$/, "")}.`);
  }
}

/**
 * Runs a script. An error that it throws is printed without its stack.
 *
 * @param main does the work, and answers the exit code
 */
export async function runScript<const Options extends ParseArgsOptionsConfig>(
  commandLine: CommandLine<Options>,
  main: (parsed: Parsed<Options>) => number | Promise<number>,
): Promise<void> {
  const { script, help } = commandLine;
  try {
    const parsed = parseCommandLine(commandLine, process.argv.slice(2));
    if (parsed === "help") process.stdout.write(help);
    else process.exitCode = await main(parsed);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isUsage = error instanceof UsageError;
    const advice = isUsage ? ` Nothing was run. Usage: npm run ${script} -- --help` : "";
    process.stderr.write(`${message}${advice}\n`);
    process.exitCode = isUsage ? 2 : 1;
  }
}

/**
 * The value of an option that takes a whole number, from `least` to 999,999,999.
 *
 * @throws UsageError if the text is not such a number
 */
export function wholeNumber(option: string, text: string, least: 0 | 1 = 0): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new UsageError(
    `--${option} takes a whole number from ${least} to 999,999,999, not '${text}'.`,
  );
}

/**
 * The value of an option that takes one of some names.
 *
 * @throws UsageError that lists the names, for any other text
 */
export function oneOf<Name extends string>(
  option: string,
  text: string,
  names: readonly Name[],
): Name {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw new UsageError(`--${option} has no '${text}'. Known: ${names.join(", ")}.`);
}

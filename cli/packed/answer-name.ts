/** The command lines that the packed command answers by texts that were made while packing. */

const HELP_FLAGS = ["--help", "-h"];
const VERSION_FLAGS = ["--version", "-V"];

export const VERSION = "version";
export const helpOf = (words: readonly string[]) => `help ${words.join(" ")}`;
export const completionOf = (shell: string) => `completion ${shell}`;

/**
 * @param args of the command line
 * @returns the name of the text, if there is one; undefined where the program has to look
 */
export function answerName(args: readonly string[]): string | undefined {
  const [first = "", second = "", ...more] = args;
  const last = args.at(-1) ?? "";
  // A name of a text has one word for each of the command line.
  if (args.some((word) => word.includes(" "))) return undefined;
  if (HELP_FLAGS.includes(last)) return helpOf(args.slice(0, -1));
  if (first === "help") return helpOf(args.slice(1));
  if (VERSION_FLAGS.includes(first) && args.length === 1) return VERSION;
  return first === "completion" && more.length === 0 ? completionOf(second) : undefined;
}

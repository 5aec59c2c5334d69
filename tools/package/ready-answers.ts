/** The answers that the packed command gives without its program, made by the program. */
import {
  type CommandNode,
  commandTree,
  withDescendants,
} from "../../cli/completion/command-tree.ts";
import { SHELLS } from "../../cli/completion/completion-script.ts";
import { completionOf, helpOf, VERSION } from "../../cli/packed/answer-name.ts";
import { COMMAND_TREE } from "../../cli/packed/plugin.ts";
import { buildProgram } from "../../cli/program.ts";
import { runCommandLine } from "../../cli/run-command-line.ts";
import type { Screen, Stream } from "../../cli/terminal/screen.ts";

/** A stream of a pipe. */
const piped = (write: Stream["write"]): Stream => ({
  write,
  columns: Number.POSITIVE_INFINITY,
  rows: Number.POSITIVE_INFINITY,
  terminal: false,
  paint: (_style, text) => text,
});

/** The standard output of a command line that asks nobody. @throws Error where it fails */
export async function answered(args: readonly string[]): Promise<string> {
  const written: string[] = [];
  const failed: string[] = [];
  const out = piped((text) => void written.push(text));
  const screen: Screen = { out, err: piped((text) => void failed.push(text)), interactive: false };
  const code = await runCommandLine(args, screen, {});
  if (code !== 0) throw new Error(`timelatch ${args.join(" ")}: ${failed.join("")}`);
  return written.join("");
}

/** The words of each command, without the `help` that commander adds to groups: it does not know its own help. */
export const documented = (tree: CommandNode): readonly (readonly string[])[] =>
  withDescendants(tree)
    .map(({ path }) => path.split("/").slice(1))
    .filter((words) => words.length < 2 || words.at(-1) !== "help");

/** By the name of its part, each text. */
export async function readyAnswers(): Promise<ReadonlyMap<string, string>> {
  const nobody = piped(() => undefined);
  const tree = commandTree(buildProgram({ out: nobody, err: nobody, interactive: false }, {}));
  const answers = new Map([[COMMAND_TREE, JSON.stringify(tree)]]);
  answers.set(VERSION, await answered(["--version"]));
  for (const words of documented(tree))
    answers.set(helpOf(words), await answered([...words, "--help"]));
  for (const shell of SHELLS)
    answers.set(completionOf(shell), await answered(["completion", shell]));
  return answers;
}

/**
 * The first file of the packed command. Packing wrote the texts that never change: the version, help, scripts for
 * completion and the tree of commands. Anything else loads the program.
 */
import { calledAs, PLUGIN_COMPLETION } from "../called-as.ts";
import { endWithReader, HELP_COLUMNS } from "../terminal/screen.ts";
import { answerName } from "./answer-name.ts";
import { readParts } from "./parts.ts";
import type * as plugin from "./plugin.ts";

const parts = readParts();
const args = process.argv.slice(2);

/** Undefined where only the program knows. A narrow terminal gets its help from the program. */
function readyAnswer(): string | undefined {
  const name = calledAs();
  if (name === PLUGIN_COMPLETION) {
    const { COMMAND_TREE, completed } = parts.load("plugin.js") as typeof plugin;
    return completed(parts.text(COMMAND_TREE) ?? "", args);
  }
  const { isTTY, columns } = process.stdout;
  const isWide = !isTTY || columns >= HELP_COLUMNS;
  const answer = isWide && name === undefined ? answerName(args) : undefined;
  return answer === undefined ? undefined : parts.text(answer);
}

const answer = readyAnswer();
if (answer === undefined) parts.load("main.js");
else {
  endWithReader();
  process.stdout.write(answer);
}

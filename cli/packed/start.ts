/**
 * The first file of the packed command. Packing wrote the texts that never change: the version, help, scripts for
 * completion and the tree of commands. Anything else loads the program.
 */
import { calledAs, PLUGIN_COMPLETION } from "../called-as.ts";
import { EXIT_CODES } from "../failures/exit-codes.ts";
import { endWithReader, HELP_COLUMNS } from "../terminal/screen.ts";
import { answerName } from "./answer-name.ts";
import { PARTS_FILE, type Parts, readParts } from "./parts.ts";
import type * as plugin from "./plugin.ts";

/** A copy of the program without its second file, or with a part of it, does nothing. */
function wholeParts(): Parts {
  try {
    return readParts();
  } catch {
    process.stderr.write(
      `timelatch: ${PARTS_FILE}, which belongs beside the program, is missing or not whole. Nothing was started.\n  Next: install the package again.\n`,
    );
    process.exit(EXIT_CODES.unexpected.code);
  }
}

const parts = wholeParts();
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

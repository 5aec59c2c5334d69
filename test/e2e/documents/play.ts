/** Plays the commands of a document as its reader, with a sandbox's values for those of the text. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { commandsIn } from "./commands.ts";
import type { Answer, Shell } from "./shell.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** The needs of a document's command. Its key is how the command begins. */
interface Stage {
  /** Earlier events, as shell commands. */
  readonly before?: string;
  /** The keys that are typed in a terminal. Without them, the command has no terminal. */
  readonly typed?: readonly Answer[];
  /** The exit status that the document describes; 0. */
  readonly status?: number;
  /** The text that it must print. */
  readonly prints?: string;
  /** Why it is not played. */
  readonly unplayed?: string;
}

export interface Script {
  readonly document: string;
  /** The one section that is played, by its heading. */
  readonly section?: string;
  /** Sections that another script plays. */
  readonly without?: readonly string[];
  /** The variables that a reader has set before they begin. */
  readonly before: string;
  /**
   * The placeholders in the text for values of the reader's own, and the shell's words for those.
   */
  readonly values: Readonly<Record<string, string>>;
  readonly stages: Readonly<Record<string, Stage>>;
}

/** The faults, a line each. Empty if every command did what the document says. */
export async function playDocument(script: Script, shell: Shell): Promise<readonly string[]> {
  const faults: string[] = [];
  const isOf = (command: string, key: string) =>
    (key.endsWith("\n") ? command.replace(/ *(#.*)?$/, "\n") : command).startsWith(key);
  const unused = new Set(Object.keys(script.stages));
  const check = async (what: string, command: string, stage: Stage = {}) => {
    const { status, printed } = stage.typed
      ? await shell.type(command, stage.typed)
      : await shell.run(command);
    const expected = stage.status ?? 0;
    if (status !== expected)
      faults.push(`${what} ended with ${status}, not with ${expected}:\n${command}\n${printed}`);
    else if (!printed.includes(stage.prints ?? ""))
      faults.push(`${what} does not print ${stage.prints}:\n${command}\n${printed}`);
  };
  await check("What comes first", script.before);
  for (const command of commandsIn(textOf(script))) {
    const key = Object.keys(script.stages)
      .filter((one) => isOf(command, one))
      .sort((a, b) => b.length - a.length)[0];
    const stage = key === undefined ? {} : (script.stages[key] ?? {});
    if (key !== undefined) unused.delete(key);
    if (stage.unplayed !== undefined) continue;
    if (stage.before !== undefined) await check("What comes before", stage.before);
    await check("The command", withValues(command, script.values), stage);
  }
  return [...faults, ...[...unused].map((key) => `No command begins with ${key}`)];
}

/** The part of the document that is played. A section ends before the next one of its rank. */
function textOf({ document, section, without = [] }: Script): string {
  const parts = readFileSync(path.join(ROOT, document), "utf8").split(/^(?=## )/m);
  const headed = (heading: string) => {
    const part = parts.find((one) => one.startsWith(`## ${heading}\n`));
    if (part === undefined) throw new Error(`${document} has no section ${heading}.`);
    return part;
  };
  if (section !== undefined) return headed(section);
  const left = without.map(headed);
  return parts.filter((part) => !left.includes(part)).join("");
}

/** The longest value first, so that the beginning of an id does not spoil the whole of it. */
const withValues = (command: string, values: Script["values"]): string =>
  Object.entries(values)
    .sort(([a], [b]) => b.length - a.length)
    .reduce((text, [written, own]) => text.replaceAll(written, own), command);

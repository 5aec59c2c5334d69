/**
 * Completion of `kubectl timelatch`. kubectl starts `kubectl_complete-timelatch` with the words so far, the last of
 * which may be empty: https://kubernetes.io/docs/tasks/extend-kubectl/kubectl-plugins/
 */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Cached, cacheFolder } from "./cached-values.ts";
import type { CommandNode, Flag, Value } from "./command-tree.ts";

/**
 * The directives of cobra, by which kubectl's own completion goes on:
 * https://pkg.go.dev/github.com/spf13/cobra#ShellCompDirective
 */
const DIRECTIVES = { files: 0, noSpace: 2, noFiles: 4 } as const;

interface Offer {
  readonly words: readonly string[];
  /** Whether the shell completes names of files. */
  readonly files?: boolean;
}

/** The answer to kubectl: a line for each word, perhaps with a description behind a tab, and the directive. */
export function pluginCompletion(
  root: CommandNode,
  words: readonly string[],
  cached: (name: Cached) => readonly string[],
): string {
  const current = words.at(-1) ?? "";
  const { words: all, files = false } = offered(root, words.slice(0, -1), current, cached);
  const fitting = all.filter((word) => word.startsWith(current));
  // A word that ends in a dash is the beginning of a name.
  const isBeginning = fitting.length > 0 && fitting.every((word) => word.endsWith("-"));
  const directive = files
    ? DIRECTIVES.files
    : DIRECTIVES.noFiles + (isBeginning ? DIRECTIVES.noSpace : 0);
  return `${fitting.map((word) => `${word}\n`).join("")}:${directive}\n`;
}

function offered(
  root: CommandNode,
  before: readonly string[],
  current: string,
  cached: (name: Cached) => readonly string[],
): Offer {
  const { node, taker, isGiven } = place(root, before);
  const valuesOf = (value: Value, prefix = ""): Offer => ({
    words: [...value.choices, ...(value.cached ? cached(value.cached) : [])].map(
      (word) => `${prefix}${word}`,
    ),
    files: value.file,
  });
  if (taker) return valuesOf(taker);
  const [long] = /^--[^=]+(?==)/.exec(current) ?? [];
  const flag = node.flags.find((one) => one.long === long);
  if (flag?.value) return valuesOf(flag.value, `${long}=`);
  if (current.startsWith("-"))
    return { words: node.flags.map(({ long: name, description }) => `${name}\t${description}`) };
  if (isGiven && !node.manyFiles) return { words: [] };
  const [argument] = node.args;
  const own = argument ? valuesOf(argument) : { words: [] };
  const commands = node.children.map(({ name, description }) => `${name}\t${description}`);
  return { ...own, words: [...own.words, ...commands] };
}

/** The command that the words name, and the option among them that still wants its value. */
function place(root: CommandNode, words: readonly string[]) {
  let node = root;
  let taker: Value | undefined;
  let isGiven = false;
  for (const word of words) {
    const isValue = taker !== undefined;
    taker = undefined;
    if (isValue) continue;
    taker = node.flags.find((flag) => isSpelled(flag, word))?.value;
    if (word.startsWith("-")) continue;
    const child = node.children.find(({ name }) => name === word);
    if (child && !isGiven) node = child;
    else isGiven = true;
  }
  return { node, taker, isGiven };
}

const isSpelled = ({ long, short }: Flag, word: string) => word === long || word === short;

const MINUTE_MS = 60_000;
/** As the shell finds it: the person's own, whatever runs this. */
const COMMAND = "timelatch";

/**
 * The values of a cache file. As in the shells' own scripts, `timelatch refresh-completion` then runs in the background,
 * once a minute at most.
 */
export function cachedValues(
  env: Readonly<Record<string, string | undefined>>,
): (name: Cached) => readonly string[] {
  const folder = cacheFolder(env);
  return (name) => {
    refresh(folder);
    return (contentOf(path.join(folder, name)) ?? "").split("\n").filter((line) => line !== "");
  };
}

function refresh(folder: string): void {
  const asked = path.join(folder, ".asked");
  if (Date.now() - (statSync(asked, { throwIfNoEntry: false })?.mtimeMs ?? 0) < MINUTE_MS) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(asked, "");
  spawn(COMMAND, ["refresh-completion"], { detached: true, stdio: "ignore" })
    // Without it on the PATH, names are completed as they were known last.
    .on("error", () => undefined)
    .unref();
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

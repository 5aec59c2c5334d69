/** Completion in real shells: what Tab makes of a line. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cacheFolder } from "../../../cli/completion/cached-values.ts";
import { commandTree } from "../../../cli/completion/command-tree.ts";
import { completionScript, SHELLS } from "../../../cli/completion/completion-script.ts";
import { buildProgram } from "../../../cli/program.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { LAUNCHER } from "../run-timelatch.ts";

/** A line, and what Tab adds to it; nothing where there is nothing to offer. */
const COMPLETED: readonly (readonly [line: string, added: string])[] = [
  ["timelatch req", "uest "],
  ["timelatch audit ex", "port "],
  ["timelatch --api list req", "uest "],
  ["timelatch request --names", "pace "],
  ["timelatch request -c p", "rod "],
  ["timelatch request --cluster=p", "rod "],
  ["timelatch request --cluster st", "aging "],
  ["timelatch request -n pay", "ments-"],
  ["timelatch request --reason audit --rul", "e "],
  ["timelatch show 019ab5c1", "-0000 "],
  ["timelatch show 019ab5c1-0000 019ab5c0", ""],
  ["timelatch show 019ab5c1-0000 --lat", "est "],
  ["timelatch list --state ap", "proved "],
  ["timelatch list req", ""],
  ["timelatch audit export --format c", "sv "],
  ["timelatch audit export --out q", "4.ndjson "],
  ["timelatch audit verify tw", "o\\ words.ndjson "],
  ["timelatch audit verify q4.ndjson tw", "o\\ words.ndjson "],
  ["timelatch policy diff old.yaml q", "4.ndjson "],
  ["timelatch completion f", "ish "],
  ["timelatch config set a", "pi "],
  ["timelatch help req", "uest "],
];

/** A person's start file, and a key that prints the line as it is. */
const ZSHRC = `
PROMPT='READY> ' RPROMPT=
unsetopt zle_bracketed_paste
autoload -Uz compinit && compinit -u -D
source ./timelatch.zsh
show() { print -r -- "[[$BUFFER]]" }
zle -N show
bindkey '^X' show
bindkey '^U' kill-whole-line
`;
const BASHRC = String.raw`
PS1='READY> '
bind 'set enable-bracketed-paste off'
source ./timelatch.bash
show() { printf '[[%s]]\n' "$READLINE_LINE"; }
bind -x '"\C-x": show'
`;

/** Types each line and Tab into an interactive shell, and prints what the line has become. */
const TYPIST = String.raw`
zmodload zsh/zpty zsh/zselect
zpty -b shell "$1"
await() {
  local heard= chunk=
  until [[ $heard == *$1* ]]; do
    if zpty -r -t shell chunk; then heard+=$chunk; else zselect -t 2; fi
  done
  REPLY=$heard
}
await 'READY> '
for line in "$@[2,-1]"; do
  zpty -n -w shell "$line"$'\t\x18'
  await ']]'
  line=$\{REPLY##*\[\[}
  print -r -- "$\{line%%\]\]*}"
  zpty -n -w shell $'\x15'
done
zpty -d shell
`.replaceAll("$\\{", "${");

let folder: string;
let env: Record<string, string | undefined>;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-tab-"));
  const PATH = `${path.dirname(LAUNCHER)}${path.delimiter}${process.env["PATH"]}`;
  env = { PATH, HOME: folder, ZDOTDIR: folder, TERM: "xterm", COLUMNS: "200" };
  const root = commandTree(buildProgram(fakeTerminal().context.screen, {}));
  const files = {
    ...Object.fromEntries(
      SHELLS.map((shell) => [`timelatch.${shell}`, completionScript(shell, root)]),
    ),
    ".zshrc": ZSHRC,
    ".bashrc": BASHRC,
    "q4.ndjson": "",
    "two words.ndjson": "",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const cache = cacheFolder(env);
  mkdirSync(cache, { recursive: true });
  const cached = {
    clusters: "prod\nstaging\n",
    namespaces: "payments-\n",
    ids: "019ab5c0-0000\n019ab5c1-0000\n",
    // Asked for just now, so that no shell asks an API.
    ".asked": "",
  };
  for (const [name, text] of Object.entries(cached)) writeFileSync(path.join(cache, name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (command: string, ...args: readonly string[]): readonly string[] =>
  execFileSync(command, args, { cwd: folder, encoding: "utf8", env, timeout: 600_000 })
    .replace(/\n$/, "")
    .split("\n");

describe("Tab at a terminal", () => {
  it.each([
    ["zsh", "zsh -d -i"],
    ["bash", "bash -i"],
  ])("Tab completes in %s what is certain, and nothing else", (_name, shell) => {
    const lines = COMPLETED.map(([line]) => line);
    const became = run("zsh", "-f", "-c", TYPIST, "typist", shell, ...lines);
    expect(became).toEqual(COMPLETED.map(([line, added]) => line + added));
  });

  it.each(COMPLETED)("Tab in fish offers for %j: %j", (line, added) => {
    const script = "source timelatch.fish; complete -C $argv[1]";
    const offered = run("fish", "--no-config", "-c", script, line).map(
      (each) => each.split("\t")[0],
    );
    const word = (line + added).split(/(?<!\\) /).findLast((each) => each !== "") ?? "";
    expect(offered).toEqual(added === "" ? [""] : [word.replace("\\ ", " ")]);
  });

  it.each(COMPLETED)("Tab behind kubectl offers for %j: %j", (line, added) => {
    const [, ...words] = line.split(" ");
    const offered = run("kubectl", "__complete", "timelatch", ...words).map(
      (each) => each.split("\t")[0],
    );
    const word = (line + added)
      .trim()
      .split(/(?<!\\) /)
      .at(-1);
    if (/ndjson/.test(added)) expect(offered).toEqual([":0"]);
    else if (added === "") expect(offered).toEqual([":4"]);
    else expect(offered).toEqual([word, added.endsWith("-") ? ":6" : ":4"]);
  });

  it("kubectl shows what each command is for, and completes the first word of all", () => {
    const offered = run("kubectl", "__complete", "timelatch", "");
    expect(offered).toContain("request\task for access; without options, prompts for each value");
    expect(offered.at(-1)).toBe(":4");
  });
});

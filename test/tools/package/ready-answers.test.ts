/** The texts that the packed command answers without its program are the program's own. */
import { describe, expect, it } from "vitest";
import type { CommandNode } from "../../../cli/completion/command-tree.ts";
import { SHELLS } from "../../../cli/completion/completion-script.ts";
import { answerName } from "../../../cli/packed/answer-name.ts";
import { COMMAND_TREE } from "../../../cli/packed/plugin.ts";
import { answered, documented, readyAnswers } from "../../../tools/package/ready-answers.ts";

const answers = await readyAnswers();
const tree = JSON.parse(answers.get(COMMAND_TREE) ?? "") as CommandNode;
const paths = documented(tree);

/** The text for a command line; undefined where the program has to look. */
const textFor = (args: readonly string[]) => {
  const name = answerName(args);
  return name === undefined ? undefined : answers.get(name);
};

describe("The texts made while packing", () => {
  it.each([
    ["the command and --help", (words: readonly string[]) => [...words, "--help"]],
    ["the command and -h", (words: readonly string[]) => [...words, "-h"]],
    ["help and the command", (words: readonly string[]) => ["help", ...words]],
  ])("The help of each command is the program's, asked for by %s", async (_how, spelled) => {
    expect(paths.length).toBeGreaterThan(60);
    for (const words of paths) {
      const args = spelled(words);
      expect(textFor(args), args.join(" ")).toBe(await answered(args));
    }
  });

  it.each(["--version", "-V"])("The version is the program's, asked for by %s", async (flag) => {
    expect(textFor([flag])).toBe(await answered([flag]));
  });

  it.each(SHELLS)("The script for completion in %s is the program's", async (shell) => {
    expect(textFor(["completion", shell])).toBe(await answered(["completion", shell]));
  });

  it.each([
    [[]],
    [["list"]],
    [["help", "nothing"]],
    [["audit export", "--help"]],
    [["--json", "audit", "--help"]],
    [["exec", "prod", "--", "kubectl", "--help"]],
    [["--version", "list"]],
    [["help", "delegations", "help"]],
    [["completion"]],
    [["completion", "tcsh"]],
    [["completion", "bash", "more"]],
    [["constructor", "--help"]],
  ])("There is no text for %j, so the program looks", (args) => {
    expect(textFor(args)).toBeUndefined();
  });
});

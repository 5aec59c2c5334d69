import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Argument, Command, Option } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandTree, withDescendants } from "../../../cli/completion/command-tree.ts";
import { completionScript, SHELLS } from "../../../cli/completion/completion-script.ts";
import { buildProgram } from "../../../cli/program.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { run } from "../run-timelatch.ts";

const ROOT = commandTree(buildProgram(fakeTerminal().context.screen, {}));

describe("the tree of commands", () => {
  it("The tree of commands has commander's commands and options, and how each value is completed", () => {
    const program = new Command("tool")
      .option("-q, --quiet", "say less")
      .configureHelp({ showGlobalOptions: true });
    program
      .command("read")
      .description("read it")
      .addArgument(new Argument("<file>", "which"))
      .addOption(new Option("--as <form>", "how").choices(["a", "b"]))
      .option("--name <text>", "whose");
    const tree = commandTree(program);
    expect(tree.children.map(({ path }) => path)).toEqual(["/read", "/help"]);
    const [read] = tree.children;
    expect(read?.args).toEqual([{ file: true, choices: [] }]);
    expect(read?.flags.map(({ long, value }) => [long, value])).toEqual([
      ["--as", { file: false, choices: ["a", "b"] }],
      ["--name", { file: false, choices: [] }],
      ["--help", undefined],
      ["--quiet", undefined],
    ]);
  });

  it("A command offers the flags of the one that runs where none is named, each of them once", () => {
    const program = new Command("tool").option("--quiet", "say less");
    const findings = program.command("findings");
    findings.command("list", { isDefault: true }).option("--all", "each").option("--quiet", "less");
    findings.command("show").option("--from <instant>", "since");
    const [node] = commandTree(program).children;
    expect(node?.flags.map(({ long }) => long)).toEqual(["--help", "--all", "--quiet"]);
    const own = withDescendants(ROOT).find(({ path }) => path === "/findings");
    expect(own?.flags.map(({ long }) => long)).toEqual(expect.arrayContaining(["--all", "--json"]));
  });
});

describe("timelatch completion", () => {
  it.each(SHELLS)(
    "timelatch completion prints the script for %s, and needs neither API nor credentials",
    async (shell) => {
      const env = { TIMELATCH_API: undefined, AWS_ACCESS_KEY_ID: undefined, AWS_REGION: undefined };
      const { code, out, err } = await run(["completion", shell], { env });
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toBe(completionScript(shell, ROOT));
    },
  );

  it("timelatch completion refuses another shell, and names those it knows", async () => {
    const { code, err } = await run(["completion", "tcsh"]);
    expect(code).toBe(2);
    expect(err).toContain("Allowed choices are bash, zsh, fish.");
  });

  it.each(SHELLS)("The completion script names every command and every option for %s", (shell) => {
    const script = completionScript(shell, ROOT);
    const nodes = withDescendants(ROOT);
    expect(nodes.length).toBeGreaterThan(15);
    for (const { path, name, flags } of nodes) {
      expect(script).toContain(path);
      expect(script).toContain(name);
      for (const { long } of flags)
        expect(script).toContain(shell === "fish" ? `-l ${long.slice(2)}` : long);
    }
  });
});

describe("completion in bash", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "timelatch-completion-"));
    writeFileSync(join(folder, "timelatch.bash"), completionScript("bash", ROOT));
    writeFileSync(join(folder, "q4.ndjson"), "");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Bash's offers for the last word of a line. */
  const offers = (...words: readonly string[]): readonly string[] =>
    execFileSync(
      "bash",
      [
        ...["--norc", "-c"],
        `source ./timelatch.bash; COMP_WORDS=(timelatch "$@"); COMP_CWORD=$#
         _timelatch 2>/dev/null; printf "%s\\n" "\${COMPREPLY[@]}"`,
        ...["bash", ...words],
      ],
      {
        cwd: folder,
        encoding: "utf8",
        // The cache of nobody: its values are tested by themselves.
        env: { PATH: process.env["PATH"], HOME: folder },
      },
    )
      .split("\n")
      .filter((word) => word !== "");

  it.each([
    [["a"], ["access", "approve", "audit"]],
    [["o"], ["on-call"]],
    [
      ["audit", ""],
      ["export", "report", "bundle", "verify", "witness", "help"],
    ],
    [
      ["findings", ""],
      ["list", "show", "acknowledge", "help"],
    ],
    [["audit", "export", "--format", "o"], ["ocsf"]],
    [["findings", "acknowledge", "--y"], ["--yes"]],
    [
      ["request", "--c"],
      ["--cluster", "--cluster-scope"],
    ],
    [["--api", "list", "req"], ["request"]],
    [["request", "--reason", "audit", "--wa"], ["--wait"]],
    [["audit", "export", "--format", "n"], ["ndjson"]],
    [["audit", "export", "--out", "q"], ["q4.ndjson"]],
    [["audit", "verify", "q"], ["q4.ndjson"]],
    [["audit", "verify", "other.ndjson", "q"], ["q4.ndjson"]],
    [["policy", "diff", "q"], ["q4.ndjson"]],
    [["policy", "diff", "old.yaml", "q"], ["q4.ndjson"]],
    [["policy", "check", "old.yaml", "q"], []],
    [
      ["policy", ""],
      ["check", "explain", "test", "prove", "who", "replay", "suggest", "diff", "help"],
    ],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
  ])("Completion in bash offers after %j: %j", (words, offered) => {
    expect(offers(...words)).toEqual(offered);
  });

  it.each([
    ["an id", ["show", ""]],
    ["an option's own text", ["request", "--cluster", ""]],
    ["options of other commands", ["list", "--names"]],
    ["commands beneath a command", ["list", "a"]],
  ])("Completion in bash offers nothing for %s", (_what, words) => {
    expect(offers(...words)).toEqual([]);
  });
});

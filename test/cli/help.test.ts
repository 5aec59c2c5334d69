import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { whoami } from "../../cli/commands/whoami.ts";
import { commandTree, withDescendants } from "../../cli/completion/command-tree.ts";
import { EXAMPLES, GROUPS } from "../../cli/program/examples.ts";
import { buildProgram } from "../../cli/program.ts";
import { fakeApi, fakeTerminal } from "./fake-terminal.ts";
import { start } from "./run-timelatch.ts";

async function helpOf(...args: readonly string[]): Promise<string> {
  const { context, written } = fakeTerminal();
  const program = buildProgram(context.screen, {});
  await program.parseAsync(args, { from: "user" }).catch((error: { exitCode?: number }) => {
    if (error.exitCode !== 0) throw error;
  });
  return written.join("");
}

describe("timelatch help", () => {
  it.each([[["audit", "export"]], [["approve"]], [["config", "set"]], [[]]])(
    "timelatch help prints the help of %j as --help does",
    async (names) => {
      expect(await helpOf("help", ...names)).toBe(await helpOf(...names, "--help"));
    },
  );

  it("As a plugin of kubectl, help shows what people type there", async () => {
    const launcher = fileURLToPath(new URL("../../cli/kubectl-timelatch", import.meta.url));
    const { out } = await start(["--help"], { launcher }).ended;
    expect(out).toMatch(/^Usage: kubectl timelatch \[options\] \[command\]\n/);
    expect(out).toContain("\n  kubectl timelatch approve\n");
    expect(out.match(/^ {2}timelatch /m)).toBeNull();
    const sub = await start(["help", "audit", "export"], { launcher }).ended;
    expect(sub.out).toMatch(/^Usage: kubectl timelatch audit export /);
  });

  it("timelatch help refuses a command that does not exist", async () => {
    await expect(helpOf("help", "audit", "nothing")).rejects.toThrow("unknown command");
  });

  it("timelatch help says that approvers may revoke too", async () => {
    expect(await helpOf("revoke", "--help")).toContain("(approvers and admins)");
  });

  it("Every command that changes something on the broker has --yes, in short -y", () => {
    const nodes = withDescendants(commandTree(buildProgram(fakeTerminal().context.screen, {})));
    const confirmed = nodes
      .filter(({ flags }) => flags.some(({ long, short }) => long === "--yes" && short === "-y"))
      .map(({ name }) => name);
    expect(confirmed).toEqual([
      "request",
      "extend",
      "escalate",
      "exec",
      "approve",
      "deny",
      "cancel",
      "return",
      "revoke",
      "review",
      "delegate",
      "end",
      "suspend",
      "drain",
      "acknowledge",
      "deploy",
      "protect",
      "destroy",
      "doctor",
    ]);
  });
});

describe("Groups and examples", () => {
  const program = () => buildProgram(fakeTerminal().context.screen, {});
  const isShown = (command: Command) => !(command as unknown as { _hidden?: boolean })._hidden;
  const leavesOf = (parent: Command, path: readonly string[] = []): readonly string[] =>
    parent.commands.filter(isShown).flatMap((command) => {
      const own = [...path, command.name()];
      return command.commands.length > 0 ? leavesOf(command, own) : own.join(" ");
    });
  const wordsOf = (line: string) =>
    (line.split(" > ")[0]?.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));

  it("Every command is in one group of timelatch --help", async () => {
    const grouped = GROUPS.flatMap(({ commands }) => commands);
    const shown = program()
      .commands.filter(isShown)
      .map((command) => command.name());
    expect(grouped.toSorted()).toEqual(shown.toSorted());
    const help = await helpOf("--help");
    for (const { heading } of GROUPS) expect(help).toContain(`\n${heading}\n`);
    expect(help).not.toContain("\nCommands:\n");
  });

  it("Every command that does something has an example in its help", async () => {
    expect(Object.keys(EXAMPLES).toSorted()).toEqual(leavesOf(program()).toSorted());
    for (const [path, lines] of Object.entries(EXAMPLES)) {
      const help = await helpOf(...path.split(" "), "--help");
      for (const line of lines) expect(help).toContain(`\n  timelatch ${line}\n`);
    }
  });

  it("No line of a command's help is wider than a terminal of 80 columns", async () => {
    for (const path of Object.keys(EXAMPLES)) {
      const help = await helpOf(...path.split(" "), "--help");
      expect(help.split("\n").filter((line) => line.length > 80)).toEqual([]);
    }
  });

  it.each(Object.entries(EXAMPLES).flatMap(([path, lines]) => lines.map((line) => [line, path])))(
    "The command takes what its example says, on a terminal's line: %s",
    (line = "", path = "") => {
      expect(`  timelatch ${line}`.length).toBeLessThanOrEqual(80);
      const names = path.split(" ");
      expect(wordsOf(line).slice(0, names.length)).toEqual(names);
      const command = names.reduce<Command | undefined>(
        (at, name) => at?.commands.find((each) => each.name() === name),
        program(),
      );
      if (!command) throw new Error(`There is no command ${path}.`);
      const { operands, unknown } = command.parseOptions(wordsOf(line).slice(names.length));
      expect(unknown.filter((option) => option !== "--json")).toEqual([]);
      const needed = command.registeredArguments.filter(({ required }) => required);
      expect(operands.length).toBeGreaterThanOrEqual(needed.length);
      const last = command.registeredArguments.at(-1);
      if (!last?.variadic)
        expect(operands.length).toBeLessThanOrEqual(command.registeredArguments.length);
      for (const option of command.options.filter(({ mandatory }) => mandatory))
        expect(command.getOptionValue(option.attributeName())).toBeDefined();
    },
  );
});

describe("timelatch whoami", () => {
  const WHO = {
    person: "carol",
    groups: ["sre", "platform"],
    roles: ["admins"],
    identityArn: "arn:aws:sts::111122223333:assumed-role/carol/carol",
  };

  it("timelatch whoami shows the person, the groups, the roles and the identity that the API answers", async () => {
    const api = fakeApi(() => WHO);
    const terminal = fakeTerminal({ api });
    await whoami(terminal.context);
    expect(api.calls).toEqual([{ method: "GET", path: "/v1/whoami" }]);
    for (const text of ["carol", "sre, platform", "admins", WHO.identityArn, api.address])
      expect(terminal.out()).toContain(text);
  });

  it("timelatch whoami names the people for whom the caller may decide", async () => {
    const terminal = fakeTerminal({
      api: fakeApi(() => ({ ...WHO, decidesFor: ["bob", "dora"] })),
    });
    await whoami(terminal.context);
    expect(terminal.out()).toMatch(/^ +Decides for +bob, dora$/m);
  });

  it("timelatch whoami prints the API's JSON under --json", async () => {
    const terminal = fakeTerminal({ api: fakeApi(() => WHO), json: true });
    await whoami(terminal.context);
    expect(JSON.parse(terminal.out())).toEqual(WHO);
  });
});

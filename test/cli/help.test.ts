import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { whoami } from "../../cli/commands/whoami.ts";
import { commandTree, withDescendants } from "../../cli/completion/command-tree.ts";
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
      "destroy",
      "doctor",
    ]);
  });
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

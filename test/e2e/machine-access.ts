/** A machine in the sandbox's policy, and an agent that holds its credentials. */
import { Client, type ClientOptions } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { commandFolder } from "./bundled-command.ts";
import { profileEnvironment, type SandboxProcess } from "./sandbox-process.ts";

/** Mallory's role in the sandbox is the machine here. Carol owns it, and bob approves. */
export const MACHINE = "mallory";

/**
 * Puts the machine deploy-bot in mallory's place, and a rule that lends it Edit on prod once bob agrees. A break-glass
 * rule names its group as well.
 */
// biome-ignore lint/suspicious/noExplicitAny: a document that tests change at will
export function makeMachine(file: any): void {
  const { identities, principals } = file.people[MACHINE];
  delete file.people[MACHINE];
  file.people["deploy-bot"] = {
    ...{ kind: "machine", owners: ["sre"], email: "team@example.com", groups: ["pipelines"] },
    ...{ identities: { iam: identities.iam }, principals },
  };
  const ruleOf = (wanted: string) =>
    file.rules.find(({ name }: { name: string }) => name === wanted);
  ruleOf("payments-break-glass").who.groups.push("pipelines");
  const edit = ruleOf("payments-edit");
  file.rules.push({
    ...{ name: "deploy", who: { groups: ["pipelines"] }, clusters: ["prod"] },
    ...{ access: edit.access, duration: { max: "1h" }, approval: edit.approval },
  });
}

/** The environment in which a pipeline or an agent has somebody's credentials and the packed command. */
export const commandEnvironment = (sandbox: SandboxProcess, home: string, who = MACHINE) => ({
  ...{ HOME: home, ...profileEnvironment(sandbox, who) },
  PATH: `${commandFolder()}:${process.env["PATH"]}`,
});

/** An agent's client, connected to the `timelatch mcp` that it started. Its starter closes it. */
export async function startAgent(
  env: Readonly<Record<string, string>>,
  options: ClientOptions = {},
  prepare: (client: Client) => void = () => undefined,
) {
  const client = new Client({ name: "some-agent", version: "1.0" }, options);
  prepare(client);
  await client.connect(
    new StdioClientTransport({ command: "timelatch", args: ["mcp"], env, stderr: "inherit" }),
  );
  return {
    client,
    /** Calls a tool. @returns what it says in members @throws what it refused */
    async call(name: string, args: Record<string, unknown> = {}) {
      const answer = await client.callTool({ name, arguments: args });
      if (answer.isError) throw new Error(`${name}: ${JSON.stringify(answer.content)}`);
      const { structuredContent } = answer;
      // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever a tool answers
      return structuredContent as any;
    },
  };
}

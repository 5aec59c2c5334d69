/** `timelatch deploy` of the synthesized stacks, where each of them fails once. */
import { cpSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { deploy } from "../../../cli/commands/deploy.ts";
import { readAssembly } from "../../../cli/deployment/assembly.ts";
import type { RunNode } from "../../../cli/deployment/run-node.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { ACCOUNT as HUB } from "../../infra/broker.ts";
import { assemblyOf, SPOKE } from "../../infra/two-accounts.ts";
import { type PaperAccounts, paperAccounts } from "../../lab/sandbox/stack/paper-accounts.ts";
import {
  bootstrapOnPaper,
  deployOnPaper,
  PaperCdkError,
  stackNow,
} from "../../lab/sandbox/stack/paper-cdk.ts";
import { paperDeployedStacks } from "../../lab/sandbox/stack/paper-deployed-stacks.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";
import { fakeDeployment } from "./fake-deployment.ts";

const ASSEMBLY = assemblyOf();
const STACKS = readAssembly(ASSEMBLY);
const NAMES = STACKS.map(({ name }, at) => [name, at] as const);

/** The CDK's command and the app, over accounts on paper. */
const runOf =
  (accounts: PaperAccounts): RunNode =>
  async ({ script, folder }) => {
    if (script === "app.mjs") {
      cpSync(ASSEMBLY, path.join(folder, "cdk.out"), { recursive: true });
      return { code: 0, said: "" };
    }
    try {
      for (const stack of STACKS) await deployOnPaper(accounts, stack);
      return { code: 0, said: "" };
    } catch (error) {
      if (error instanceof PaperCdkError) return { code: 1, said: error.message };
      throw error;
    }
  };

function deployment() {
  const accounts = paperAccounts();
  bootstrapOnPaper(accounts, [HUB, SPOKE]);
  const { folder } = fakeDeployment();
  const tools = { run: runOf(accounts), stacks: paperDeployedStacks(accounts) };
  const deployHere = async () => {
    // Nothing is lent.
    const api = fakeApi(() => ({ requests: [] }));
    const terminal = fakeTerminal({ columns: 1_000, api });
    await deploy(terminal.context, folder, { yes: true }, tools);
    return terminal;
  };
  return { accounts, deployHere };
}

describe("timelatch deploy, repeated after a first deployment that failed", () => {
  it.each(NAMES)(
    "Where %s fails, it says so, and the next one deploys everything",
    async (name, at) => {
      const { accounts, deployHere } = deployment();
      const logicalId = Object.keys(STACKS[at]?.template.Resources ?? {}).at(-1) ?? "";
      accounts.breakOffAt({ stack: name, logicalId });
      const failure = await deployHere().catch((error: unknown) => error);
      if (!(failure instanceof Failure)) throw new Error(`No failure: ${failure}`);
      const said = failure.text.findings ?? [];
      expect(said.filter((one) => one.includes("is deployed"))).toHaveLength(at);
      expect(said[at]).toContain(
        "could not be made; the next timelatch deploy begins with its deletion",
      );
      expect(said.filter((one) => one.endsWith("was not made"))).toHaveLength(
        STACKS.length - at - 1,
      );

      accounts.breakOffAt(undefined);
      const { out, err } = await deployHere();
      expect(err()).toContain(`  ${name} in ${STACKS[at]?.account} (ROLLBACK_COMPLETE)\n`);
      expect(out().match(/ is deployed \(CREATE_COMPLETE\)/g)).toHaveLength(STACKS.length);
      for (const stack of STACKS)
        expect(stackNow(accounts, stack)?.isProtected).toBe(stack.isProtected);
    },
  );
});

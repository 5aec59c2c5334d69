/** `timelatch deploy` after a first deployment that failed. */
import { describe, expect, it } from "vitest";
import { deploy } from "../../../cli/commands/deploy.ts";
import type { DeployedStack } from "../../../cli/deployment/deployed-stacks.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import type { MemoryStack } from "../../../lab/fakes/memory-deployed-stacks.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import {
  complete,
  deployAll,
  type FakeDeployment,
  fakeDeployment,
  ORDER,
  roleTemplate,
  STACKS,
} from "./fake-deployment.ts";

const [SPOKE_STACK = "", BROKER = "", PEOPLE = ""] = ORDER;
const failed = (status: string, more: Partial<MemoryStack> = {}): MemoryStack => ({
  ...complete({}, { status, isProtected: true }),
  ...more,
});

/** Deploys without a question. Answers what the CDK command finds when it begins, and what was said. */
async function deployHere(at: FakeDeployment, seen: string[]) {
  const terminal = fakeTerminal();
  const run: FakeDeployment["run"] = async (asked) => {
    if (asked.script !== "app.mjs")
      seen.push(...[...at.deployed].map(([name, { status }]) => `${name} ${status}`));
    return at.run(asked);
  };
  await deploy(terminal.context, at.folder, { yes: true }, { ...at, run });
  return terminal;
}

describe("After a first deployment that failed", () => {
  it.each(["ROLLBACK_COMPLETE", "ROLLBACK_FAILED"])(
    "A protected stack in %s is named before the question, deleted, and made again",
    async (status) => {
      const [at, seen] = [fakeDeployment(), [] as string[]];
      deployAll(at.deployed);
      at.deployed.delete(PEOPLE);
      at.deployed.set(BROKER, failed(status));
      const terminal = await deployHere(at, seen);
      expect(terminal.err().replaceAll(/\s+/g, " ")).toContain(
        `The first deployment of these stacks failed, and CloudFormation undid it. They are deleted, and made again: Timelatch in 111122223333 (${status})`,
      );
      expect(seen).toEqual([`${SPOKE_STACK} CREATE_COMPLETE`]);
      expect(terminal.out()).toContain(`${BROKER} in 111122223333 is deployed (CREATE_COMPLETE).`);
    },
  );

  it("Resources that CloudFormation kept of it are named, since nothing deletes them", async () => {
    const [at, seen] = [fakeDeployment(), [] as string[]];
    const kept = [{ type: "AWS::DynamoDB::GlobalTable", name: "Timelatch-TablesAudit-1A2B" }];
    at.deployed.set(BROKER, failed("ROLLBACK_COMPLETE", { kept }));
    const terminal = await deployHere(at, seen);
    expect(terminal.err()).toContain("  Timelatch-TablesAudit-1A2B (AWS::DynamoDB::GlobalTable)\n");
  });

  it("Its roles count as new: IAM has nothing of a stack that was undone", async () => {
    const [at, seen] = [fakeDeployment(), [] as string[]];
    const { template = {} } = STACKS[SPOKE_STACK] ?? {};
    at.deployed.set(SPOKE_STACK, failed("ROLLBACK_COMPLETE", { template }));
    const terminal = await deployHere(at, seen);
    expect(terminal.err()).toContain("  timelatch-grantor (new)\n");
  });

  it.each(["CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "DELETE_FAILED"])(
    "A stack in %s may have lent something: it stays, and stays protected",
    async (status) => {
      const protection: (boolean | undefined)[] = [];
      const at = fakeDeployment({
        cdk: (stacks) => {
          protection.push(stacks.get(BROKER)?.isProtected);
          return deployAll(stacks);
        },
      });
      at.deployed.set(BROKER, complete(roleTemplate("older"), { status, isProtected: true }));
      await deployHere(at, []);
      expect(protection).toEqual([true]);
    },
  );

  it("One that cannot be deleted ends the command with the reason, before anything is deployed", async () => {
    const at = fakeDeployment();
    at.deployed.set(BROKER, failed("ROLLBACK_FAILED"));
    const stacks = {
      ...at.stacks,
      async remove() {
        const left: DeployedStack = failed("DELETE_FAILED", { reason: "The bucket is not empty" });
        at.deployed.set(BROKER, left);
      },
    };
    const done = deploy(fakeTerminal().context, at.folder, { yes: true }, { ...at, stacks });
    const failure = await done.catch((error: unknown) => error);
    if (!(failure instanceof Failure)) throw new Error(`No failure: ${failure}`);
    expect(failure).toMatchObject({ exit: "undeployed", code: "failed-stack-left" });
    expect(failure.message).toContain("cannot be deleted (DELETE_FAILED): The bucket is not empty");
    expect(at.ran).toEqual(["app.mjs"]);
  });
});

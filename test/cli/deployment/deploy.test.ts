/** `timelatch synth` and `timelatch deploy`, with a CDK that is played. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { deploy } from "../../../cli/commands/deploy.ts";
import { synth } from "../../../cli/commands/synth.ts";
import type { DeployedStack } from "../../../cli/deployment/deployed-stacks.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { fakeTerminal, typist } from "../fake-terminal.ts";
import {
  brokerTemplate,
  complete,
  deployAll,
  type FakeDeployment,
  fakeDeployment,
  ORDER,
  roleTemplate,
  SPOKE,
  STACKS,
  statement,
} from "./fake-deployment.ts";

const YES = { yes: true } as const;

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const ended = await work.catch((error: unknown) => error);
  if (!(ended instanceof Failure)) throw new Error(`No failure: ${String(ended)}`);
  return ended;
}

/** Deploys without a question. */
const deployHere = (at: FakeDeployment, terminal = fakeTerminal()) =>
  deploy(terminal.context, at.folder, YES, at);

describe("timelatch synth", () => {
  it("It runs only the folder's own app, and lists the stacks in the order of their deployment", async () => {
    const [at, terminal] = [fakeDeployment(), fakeTerminal()];
    await synth(terminal.context, at.folder, {}, at.run);
    expect(at.ran).toEqual(["app.mjs"]);
    expect(terminal.out().match(/^Timelatch\S*/gm)).toEqual(ORDER);
    expect(terminal.err()).toContain("Next: timelatch deploy");
  });

  it("For Terraform it writes a manifest with the hashes of the policy's files, and names the next step", async () => {
    const [at, terminal] = [fakeDeployment(), fakeTerminal({ json: true })];
    await synth(terminal.context, at.folder, { terraform: true }, at.run);
    const { terraform } = JSON.parse(terminal.out());
    expect(terraform.folder).toBe(path.join(at.folder, "cdk.out/terraform"));
    const text = readFileSync(path.join(terraform.folder, "terraform.json"), "utf8");
    expect(JSON.parse(text)).toEqual(terraform.manifest);
    expect(terraform.manifest.stacks.map(({ name }: { name: string }) => name)).toEqual(ORDER);
    const spoken = fakeTerminal();
    await synth(spoken.context, at.folder, { terraform: true }, at.run);
    expect(spoken.err()).toContain("Next: terraform plan, or tofu plan");
    expect(terraform.manifest.policy.map(({ file }: { file: string }) => file)).toEqual([
      "../../access.yaml",
      "../../timelatch.config.yaml",
    ]);
  });

  it("Where the app refuses, its own words are shown without a stack trace, and no assembly is left", async () => {
    const said = `file:///x/index.mjs:7\n  throw new Error(\n        ^\n\nError: access.yaml:3:5 rules: Name one.\nCorrect it.\n    at f (x.mjs:7:1)\n\nNode.js v24.0.0\n`;
    const at = fakeDeployment({ app: { code: 1, said } });
    const failure = await failureOf(synth(fakeTerminal().context, at.folder, {}, at.run));
    expect(failure).toMatchObject({ exit: "faulty", code: "not-synthesized" });
    expect(failure.text.findings).toEqual(["access.yaml:3:5 rules: Name one.", "Correct it."]);
    expect(existsSync(path.join(at.folder, "cdk.out/manifest.json"))).toBe(false);
  });

  it.each([
    ["timelatch.config.yaml", "no-deployment-folder"],
    ["node_modules/@timelatch/cdk", "packages-missing"],
    ["node_modules/aws-cdk", "packages-missing"],
  ])("Without %s nothing is run", async (name, code) => {
    const at = fakeDeployment();
    rmSync(path.join(at.folder, name), { recursive: true });
    expect(await failureOf(synth(fakeTerminal().context, at.folder, {}, at.run))).toMatchObject({
      code,
    });
    expect(at.ran).toEqual([]);
  });
});

describe("timelatch deploy", () => {
  it("It shows what changes in IAM before it asks, and deploys what it showed", async () => {
    const [at, person] = [fakeDeployment(), typist()];
    const terminal = fakeTerminal({ prompt: person.prompt, interactive: true });
    const done = deploy(terminal.context, at.folder, {}, at);
    await person.press("Deploy 3 stacks into 2 accounts? [y/N]", "");
    expect(terminal.err()).toContain(`IAM in account ${SPOKE}\n  timelatch-grantor (new)\n`);
    expect(terminal.err()).toContain("    + may call eks:CreateAccessEntry on everything.\n");
    expect(at.ran).toEqual(["app.mjs"]);
    await person.press("", "y\r");
    await done;
    expect(at.ran[1]).toMatch(/^cdk deploy --all --require-approval never .*--app cdk\.out /);
    expect(terminal.out()).toContain("Next: timelatch config set api https://api.example.com");
    expect(terminal.err()).toContain("cdk at work");
  });

  it("Stacks that are deployed already are compared: only differences are shown", async () => {
    const [at, terminal] = [fakeDeployment(), fakeTerminal()];
    deployAll(at.deployed);
    const older = roleTemplate("timelatch-converge", statement("sqs:PurgeQueue", "*"));
    at.deployed.set("Timelatch", complete(older));
    await deployHere(at, terminal);
    expect(terminal.err()).toContain(
      [
        "IAM in account 111122223333",
        "  timelatch-converge",
        "    + may newly call sqs:SendMessage on everything.",
        "    - may no longer call sqs:PurgeQueue on everything.",
        "",
      ].join("\n"),
    );
    expect(terminal.err()).not.toMatch(/grantor|alice/);
  });

  it("Where nothing differs, it says so, and still lets the CDK command look", async () => {
    const [at, terminal] = [fakeDeployment(), fakeTerminal()];
    deployAll(at.deployed);
    await deployHere(at, terminal);
    expect(terminal.err()).toContain("Nothing changes in IAM.");
    expect(at.ran).toHaveLength(2);
  });

  it("Every place that is not bootstrapped is named with its line, before anything is shown or run", async () => {
    const at = fakeDeployment({ unreachable: [SPOKE], unprepared: ["us-west-2"] });
    const terminal = fakeTerminal();
    const failure = await failureOf(deployHere(at, terminal));
    expect(failure).toMatchObject({ exit: "refused", code: "not-bootstrapped" });
    const { findings, next } = failure.text;
    expect(findings).toEqual([
      `${SPOKE}/us-west-2: Account ${SPOKE} cannot be reached: Access denied.`,
      "111122223333/us-west-2: Parameter Store has no /bootstrap/version.",
    ]);
    expect(next).toContain(
      '  node_modules/.bin/cdk bootstrap aws://111122223333/us-west-2 --app ""',
    );
    expect(next.join("\n")).toContain(
      `  node_modules/.bin/cdk bootstrap aws://${SPOKE}/us-west-2 --app "" --trust 111122223333`,
    );
    expect(at.ran.some((line) => line.includes("deploy"))).toBe(false);
    expect(terminal.err()).not.toContain("IAM in account");
  });

  it("A no deploys nothing", async () => {
    const [at, person] = [fakeDeployment(), typist()];
    const { context } = fakeTerminal({ prompt: person.prompt, interactive: true });
    const failure = failureOf(deploy(context, at.folder, {}, at));
    await person.answer("[y/N]", "n");
    expect(await failure).toMatchObject({ exit: "interrupted" });
    expect(at.ran).toEqual(["app.mjs"]);
  });

  it("Without a terminal and --yes, nothing is run at all", async () => {
    const at = fakeDeployment();
    expect(await failureOf(deploy(fakeTerminal().context, at.folder, {}, at))).toMatchObject({
      code: "not-confirmed-by-flag",
    });
    expect(at.ran).toEqual([]);
  });

  it("A stack whose rollback failed has nothing run but the synthesis, and the command that goes on is named", async () => {
    const at = fakeDeployment();
    const [, broker = ""] = ORDER;
    at.deployed.set(broker, complete({}, { status: "UPDATE_ROLLBACK_FAILED" }));
    const failure = await failureOf(deployHere(at));
    expect(failure).toMatchObject({ exit: "conflict", code: "stack-stuck" });
    expect(failure.text.next.join("\n")).toContain(
      `aws cloudformation continue-update-rollback --stack-name ${broker} --region us-west-2`,
    );
    expect(at.ran).toEqual(["app.mjs"]);
  });

  it("A broker that an early release deployed has nothing run but the synthesis: AWS makes no second schedule group", async () => {
    const at = fakeDeployment();
    const { Resources } = brokerTemplate();
    const Group = { Type: "AWS::Scheduler::ScheduleGroup" };
    at.deployed.set("Timelatch", complete({ Resources: { ...Resources, Group } }));
    const failure = await failureOf(deployHere(at));
    expect(failure).toMatchObject({ exit: "conflict", code: "fuses-not-apart" });
    expect(at.ran).toEqual(["app.mjs"]);
  });

  const older = roleTemplate("older");
  it.each<readonly [string, Partial<DeployedStack> | undefined, string]>([
    ["is gone", undefined, "was not made"],
    ["was not reached", { template: older }, "is as it was before; it was not reached"],
    [
      "was rolled back",
      { template: older, status: "UPDATE_ROLLBACK_COMPLETE" },
      "failed, and is as it was before",
    ],
    [
      "could not be made",
      { status: "ROLLBACK_COMPLETE" },
      "could not be made; the next timelatch deploy begins with its deletion",
    ],
    [
      "could not be made, nor be undone",
      { status: "ROLLBACK_FAILED" },
      "could not be made; the next timelatch deploy begins with its deletion",
    ],
    [
      "stopped in the middle, with nothing undone",
      { status: "CREATE_FAILED" },
      "is neither old nor new: node_modules/.bin/cdk rollback",
    ],
    ["could not be deleted", { status: "DELETE_FAILED" }, "correct what CloudFormation names"],
    [
      "could not be rolled back",
      { status: "UPDATE_ROLLBACK_FAILED" },
      "is neither old nor new, and takes no update",
    ],
    ["is still changed", { status: "UPDATE_IN_PROGRESS" }, "is still being worked on"],
  ])(
    "A stack that %s is named with what to do, beside those that are deployed",
    async (_, state, said) => {
      const at = fakeDeployment({
        cdk: (deployed) => {
          deployAll(deployed);
          const template = STACKS["Timelatch"]?.template ?? {};
          if (state)
            deployed.set("Timelatch", complete(template, { reason: "It is so", ...state }));
          else deployed.delete("Timelatch");
          return 1;
        },
      });
      const failure = await failureOf(deployHere(at));
      expect(failure).toMatchObject({ exit: "undeployed", code: "not-deployed" });
      expect(failure.message).toContain("1 of 3 stacks is not deployed.");
      const [spoke, broker, people] = failure.text.findings ?? [];
      expect(spoke).toContain("is deployed (CREATE_COMPLETE)");
      expect(broker).toContain(said);
      expect(people).toContain("is deployed");
    },
  );

  it("A stack that gets stuck is named with the command that goes on, and no end is promised", async () => {
    const at = fakeDeployment({
      cdk: (deployed) => {
        deployAll(deployed);
        deployed.set("Timelatch", complete(older, { status: "UPDATE_ROLLBACK_FAILED" }));
        return 1;
      },
    });
    const next = (await failureOf(deployHere(at))).text.next.join("\n");
    expect(next).toContain("aws cloudformation continue-update-rollback --stack-name Timelatch");
    expect(next).not.toContain("ends on time");
  });

  it("A stack that an earlier failure left with this very template is deployed", async () => {
    const at = fakeDeployment({
      cdk: (deployed) => {
        deployAll(deployed);
        const template = STACKS["Timelatch"]?.template ?? {};
        deployed.set("Timelatch", complete(template, { status: "UPDATE_ROLLBACK_COMPLETE" }));
        return 0;
      },
    });
    const terminal = fakeTerminal();
    await deployHere(at, terminal);
    expect(terminal.out()).toMatch(/Timelatch in \d+ is deployed \(UPDATE_ROLLBACK_COMPLETE\)/);
  });

  it("A CDK command that succeeds without deploying everything is a failure", async () => {
    const at = fakeDeployment({ cdk: () => 0 });
    expect((await failureOf(deployHere(at))).message).toContain("3 of 3 stacks are not deployed.");
  });

  it("A CDK command that fails once everything is deployed is a failure too", async () => {
    const at = fakeDeployment({ cdk: (deployed) => deployAll(deployed) + 1 });
    expect((await failureOf(deployHere(at))).message).toContain(
      "The CDK command failed, although every stack is deployed.",
    );
  });

  it("--json has each stack, the API's address, and every right that changes", async () => {
    const [at, terminal] = [fakeDeployment(), fakeTerminal({ json: true })];
    await deployHere(at, terminal);
    const document = JSON.parse(terminal.out());
    expect(document.api).toBe("https://api.example.com");
    expect(document.stacks.map(({ name }: { name: string }) => name)).toEqual(ORDER);
    expect(document.iam).toHaveLength(3);
  });
});

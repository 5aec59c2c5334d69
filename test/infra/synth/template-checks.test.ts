/**
 * The checks of every synthesis find the faults that they are for. `synth.test.ts` has the stacks
 * themselves.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { App, CfnResource, Stack } from "aws-cdk-lib";
import { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { afterAll, describe, expect, it } from "vitest";
import { type InitOptions, init } from "../../../cli/commands/init.ts";
import { Timelatch } from "../../../infra/constructs/timelatch.ts";
import { assemble } from "../../../infra/synth/assemble.ts";
import { readDeployment } from "../../../infra/synth/read-deployment.ts";
import { checkTemplates } from "../../../infra/synth/template-checks.ts";
import { fakeTerminal } from "../../cli/fake-terminal.ts";

const folder = mkdtempSync(path.join(tmpdir(), "timelatch-lint-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An app as `npm run synth` has it. */
function appIn(name: string) {
  const outdir = path.join(folder, name);
  mkdirSync(outdir);
  writeFileSync(path.join(outdir, "access.json"), "{}");
  const app = new App({
    outdir,
    analyticsReporting: false,
    autoSynth: false,
    builtinCloudFormationValidation: false,
    // Without the functions' code, which takes seconds.
    context: { "aws:cdk:bundling-stacks": [] },
  });
  return { app, outdir };
}

/** The same with a stack that has something planted in it. */
function planted(name: string, plant: (stack: Stack) => void) {
  const { app, outdir } = appIn(name);
  const stack = new Stack(app, "Planted");
  plant(stack);
  checkTemplates(app, [stack]);
  return { app, outdir };
}

const misspelt = (stack: Stack) =>
  new CfnResource(stack, "Wrong", {
    type: "AWS::SQS::Queue",
    properties: { VisibilityTimeoutt: 3 },
  });

/** The constructs that a synthesis has findings about. */
function foundAbout(app: App): readonly string[] {
  try {
    app.synth();
    return [];
  } catch (error) {
    const { message } = error as Error;
    return [...message.matchAll(/^ {3}(\S+)(?: \(\w+\))? aws-cdk-lib/gm)].map(([, at = ""]) => at);
  }
}

const TWO_ACCOUNTS = {
  account: "111122223333",
  region: "us-west-2",
  signIn: "iam",
  cluster: ["prod", "other=arn:aws:eks:eu-west-1:444455556666:cluster/prod"],
  person: "alice",
  email: "alice@example.com",
  principal: "arn:aws:iam::111122223333:user/alice",
} as InitOptions;

describe("a planted fault", () => {
  it("faults of schemas and limits, and what cdk-nag finds, are reported and leave no template", () => {
    const { app, outdir } = planted("schemas", (stack) => {
      misspelt(stack);
      new CfnResource(stack, "Long", {
        type: "AWS::IAM::Role",
        properties: { RoleName: "x".repeat(65), AssumeRolePolicyDocument: {} },
      });
      new Queue(stack, "Open");
      new ManagedPolicy(stack, "Large", {
        statements: [
          new PolicyStatement({ actions: ["a:b"], resources: [`arn:${"x".repeat(6_144)}`] }),
        ],
      });
    });
    expect(() => assemble(app, outdir)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          /^(?=.*VisibilityTimeoutt)(?=.*length 65 exceeds maximum 64)(?=.*AwsSolutions-SQS4)(?=.*Planted: Large\w+ has 6\d+ characters, and AWS takes 6144\.)/s,
        ),
      }),
    );
    expect(existsSync(path.join(outdir, "Planted.template.json"))).toBe(false);
  });

  it("the app of timelatch init fails only for that, also if other stacks are in it", async () => {
    const { app } = appIn("library");
    misspelt(new Stack(app, "Theirs"));
    const at = path.join(folder, "deployment");
    await init(fakeTerminal().context, at, TWO_ACCOUNTS);
    const { broker } = new Timelatch(app, readDeployment(path.join(at, "timelatch.config.yaml")));
    new Queue(broker, "Open");
    // cdk-nag has two findings about such a queue.
    expect(foundAbout(app)).toEqual(["Timelatch/Open/Resource", "Timelatch/Open/Resource"]);
  });
});

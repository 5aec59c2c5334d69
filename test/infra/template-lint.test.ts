/** What `npm run synth` has checked finds what it should. `synth.test.ts` has the stacks themselves. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { App, CfnResource, Stack, Validations } from "aws-cdk-lib";
import { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { AwsSolutionsChecks } from "cdk-nag";
import { afterAll, describe, expect, it } from "vitest";
import { assemble, STRICT } from "../../infra/synth/assemble.ts";

const folder = mkdtempSync(path.join(tmpdir(), "timelatch-lint-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An app as `npm run synth` has it, with something planted in it. */
function planted(name: string, plant: (stack: Stack) => void, checked = true) {
  const outdir = path.join(folder, name);
  mkdirSync(outdir);
  writeFileSync(path.join(outdir, "access.json"), "{}");
  const app = new App({
    ...{ outdir, analyticsReporting: false, autoSynth: false, postCliContext: STRICT },
    builtinCloudFormationValidation: checked,
  });
  plant(new Stack(app, "Planted"));
  if (checked) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { app, outdir };
}

describe("a planted fault", { timeout: 120_000 }, () => {
  it("a wrong property, an over-long name and an unexplained finding of cdk-nag are reported", () => {
    const { app, outdir } = planted("schemas", (stack) => {
      new CfnResource(stack, "Wrong", {
        type: "AWS::SQS::Queue",
        properties: { VisibilityTimeoutt: 3 },
      });
      new CfnResource(stack, "Long", {
        type: "AWS::IAM::Role",
        properties: { RoleName: "x".repeat(65), AssumeRolePolicyDocument: {} },
      });
      new Queue(stack, "Open");
    });
    expect(() => assemble(app, outdir)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          /^(?=.*VisibilityTimeoutt)(?=.*length 65 exceeds maximum 64)(?=.*AwsSolutions-SQS4)/s,
        ),
      }),
    );
    expect(existsSync(path.join(outdir, "Planted.template.json"))).toBe(false);
  });

  it("a policy that IAM would refuse fails the synthesis, and leaves nothing of it", () => {
    const { app, outdir } = planted(
      "sizes",
      (stack) => {
        new ManagedPolicy(stack, "Large", {
          statements: [
            new PolicyStatement({ actions: ["a:b"], resources: [`arn:${"x".repeat(6_144)}`] }),
          ],
        });
      },
      false,
    );
    expect(() => assemble(app, outdir)).toThrow(
      /^AWS would refuse the stacks\. Nothing was synthesized\. Planted: Large\w+ has 6\d+ characters, and AWS takes 6144\./,
    );
    expect(existsSync(path.join(outdir, "Planted.template.json"))).toBe(false);
  });
});

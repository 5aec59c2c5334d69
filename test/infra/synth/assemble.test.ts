import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { App, CfnResource, Stack } from "aws-cdk-lib";
import { afterAll, describe, expect, it } from "vitest";
import { warningsOf } from "../../../infra/synth/assemble.ts";

const outdir = mkdtempSync(path.join(tmpdir(), "timelatch-warnings-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

describe("the size of a template", () => {
  it("a template above 51,200 bytes is warned of, unless its stack has functions' code", () => {
    const app = new App({
      outdir,
      analyticsReporting: false,
      autoSynth: false,
      builtinCloudFormationValidation: false,
    });
    const stackOf = (id: string, bytes: number, type: string) =>
      new CfnResource(new Stack(app, id), "R", {
        type,
        properties: { Description: "x".repeat(bytes) },
      });
    stackOf("Small", 40_000, "AWS::IAM::Role");
    stackOf("Large", 51_200, "AWS::IAM::Role");
    stackOf("WithCode", 51_200, "AWS::Lambda::Function");
    const about = warningsOf(app.synth()).filter((text) => text.startsWith("The template of"));
    expect(about).toEqual([
      expect.stringMatching(/^The template of Large has 5\d{4} bytes\. .* --s3-bucket\.$/),
    ]);
  });
});

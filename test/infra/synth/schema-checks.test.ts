/** A template that CloudFormation's schemas found sound is not judged again, and no other is believed. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { App, CfnResource, CloudFormationValidatePlugin, Stack } from "aws-cdk-lib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkTemplates } from "../../../infra/synth/template-checks.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "timelatch-sound-"));
  vi.stubEnv("HOME", home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(home, { recursive: true, force: true });
});

interface Synthesis {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly builtin?: boolean;
  readonly region?: string;
}

/** Synthesizes a stack with one queue. @returns how often the engine was asked, and whether it failed */
function synthesized({ properties, builtin = false, region = "us-west-2" }: Synthesis) {
  const asked = vi.spyOn(CloudFormationValidatePlugin.prototype, "validate");
  const before = asked.mock.calls.length;
  const app = new App({
    outdir: mkdtempSync(path.join(home, "out-")),
    analyticsReporting: false,
    autoSynth: false,
    builtinCloudFormationValidation: builtin,
  });
  const stack = new Stack(app, "Own", { env: { region } });
  new CfnResource(stack, "Topic", { type: "AWS::SNS::Topic", properties });
  checkTemplates(app, builtin ? [] : [stack]);
  if (builtin) checkTemplates(app, []);
  let failed = false;
  try {
    app.synth();
  } catch {
    failed = true;
  }
  return { asked: asked.mock.calls.length - before, failed };
}

const SOUND = { DisplayName: "sound", KmsMasterKeyId: "alias/own" };
const MISSPELT = { DisplayNam: "misspelt", KmsMasterKeyId: "alias/own" };

describe("The schemas of CloudFormation", () => {
  it("A sound template is judged once, until it changes or is for another place", () => {
    const first = synthesized({ properties: SOUND }).asked;
    expect(first).toBeGreaterThan(0);
    expect(synthesized({ properties: SOUND }).asked).toBe(0);
    expect(synthesized({ properties: { ...SOUND, DisplayName: "other" } }).asked).toBe(first);
    expect(synthesized({ properties: SOUND, region: "eu-west-1" }).asked).toBe(first);
  });

  it("A template with a fault is judged each time, and fails each time", () => {
    for (const _turn of [1, 2]) {
      const { asked, failed } = synthesized({ properties: MISSPELT });
      expect(asked).toBeGreaterThan(0);
      expect(failed).toBe(true);
    }
    expect(existsSync(path.join(home, ".cache"))).toBe(false);
  });

  it("In an app with the CDK's own check, other stacks are judged once, and are warned of", () => {
    expect(synthesized({ properties: MISSPELT, builtin: true })).toEqual({
      asked: 1,
      failed: false,
    });
    synthesized({ properties: SOUND, builtin: true });
    expect(synthesized({ properties: SOUND, builtin: true }).asked).toBe(0);
  });
});

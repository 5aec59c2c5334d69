import { describe, expect, it } from "vitest";
import { loadStack } from "../../../../lab/sandbox/template/load-stack.ts";
import { assembly, PLACE } from "./assembly-fixture.ts";

const load = (key: Record<string, unknown>, alias: Record<string, unknown> = {}) =>
  loadStack(
    assembly({
      Key: {
        Type: "AWS::KMS::Key",
        Properties: { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY", ...key },
      },
      Alias: {
        Type: "AWS::KMS::Alias",
        Properties: {
          AliasName: "alias/seal",
          TargetKeyId: { "Fn::GetAtt": ["Key", "Arn"] },
          ...alias,
        },
      },
    }),
    PLACE,
  ).kms;

describe("a KMS key of the template", () => {
  it("A KMS key has an id that stays the same, its policy and its alias", () => {
    const policy = { Version: "2012-10-17", Statement: [] };
    const { keys, aliases } = load({ KeyPolicy: policy, Description: "seals" });
    expect(keys).toEqual([
      {
        id: expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
        arn: `arn:aws:kms:us-west-2:111122223333:key/${keys[0]?.id}`,
        description: "seals",
        isEnabled: true,
        spec: "ECC_NIST_P256",
        policy,
      },
    ]);
    expect(aliases).toEqual([{ name: "alias/seal", keyId: keys[0]?.arn }]);
    expect(load({}).keys[0]?.id).toBe(keys[0]?.id);
  });

  it("A KMS key without a policy leaves all to IAM", () => {
    expect(JSON.stringify(load({}).keys[0]?.policy)).toContain(":iam::111122223333:root");
  });

  it.each([
    ["another spec", { KeySpec: "RSA_2048" }, "KeySpec RSA_2048"],
    ["no spec", { KeySpec: { Ref: "AWS::NoValue" } }, "KeySpec left out"],
    ["another use", { KeyUsage: "KEY_AGREEMENT" }, "KeyUsage KEY_AGREEMENT"],
    ["several regions", { MultiRegion: true }, "MultiRegion"],
    ["rotation", { EnableKeyRotation: true }, "EnableKeyRotation"],
    ["another property", { Origin: "EXTERNAL" }, "Origin"],
  ])("A KMS key with %s is refused", (_what, properties, text) => {
    expect(() => load(properties)).toThrow(text);
  });

  it("An alias that is not for a KMS key of the template is refused", () => {
    expect(() => load({}, { TargetKeyId: "elsewhere" })).toThrow("the target key elsewhere");
  });
});

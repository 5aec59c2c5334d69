import { describe, expect, it } from "vitest";
import { variantOf } from "../../../infra/synth/variants.ts";
import { archiveConfig } from "../../../shared/config.ts";
import { ACCOUNT, broker, REGION, sampleWith } from "../broker.ts";

const production = { ...variantOf({}), env: { account: ACCOUNT, region: REGION } };
const stack = broker(undefined, production);
const only = (type: string, start = "") => {
  const [found, second] = stack.ofType(type).filter(({ logicalId }) => logicalId.startsWith(start));
  if (!found || second) throw new Error(`${type} ${start}: one was expected.`);
  return found;
};
const properties = (type: string, start = "") => only(type, start).properties.all;

describe("the archive", () => {
  const resource = (type: string) =>
    Object.values(stack.template.Resources).find(({ Type }) => Type === type);

  it("where access.yaml says nothing, the bucket is in governance for thirty days, and closed to the public", () => {
    expect(resource("AWS::S3::Bucket")?.Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: "Enabled",
        Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 30 } },
      },
      VersioningConfiguration: { Status: "Enabled" },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  it("access.yaml counts before the settings, in production and in the sandbox", () => {
    const access = sampleWith((policy) =>
      Object.assign(policy, { archive: { mode: "COMPLIANCE", days: 2_557 } }),
    );
    for (const variant of [production, variantOf({ TIMELATCH_SETTINGS: "sandbox" })])
      expect(broker(access, variant).ofType("AWS::S3::Bucket")[0]?.properties.all).toMatchObject({
        ObjectLockConfiguration: {
          Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 2_557 } },
        },
      });
  });

  it("the sandbox's bucket is in governance, so that a trial can be deleted", () => {
    const sandbox = broker(undefined, variantOf({ TIMELATCH_SETTINGS: "sandbox" }));
    const [bucket] = sandbox.ofType("AWS::S3::Bucket");
    expect(bucket?.properties.all).toMatchObject({
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 1 } } },
    });
  });

  it("the bucket refuses calls without TLS", () => {
    const unsafe = { Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } };
    expect(resource("AWS::S3::BucketPolicy")?.Properties?.["PolicyDocument"]).toMatchObject({
      Statement: expect.arrayContaining([expect.objectContaining(unsafe)]),
    });
  });

  it("bucket and key stay when the stack is deleted or changed", () => {
    for (const type of ["AWS::S3::Bucket", "AWS::KMS::Key"])
      expect(resource(type)).toMatchObject({
        DeletionPolicy: "RetainExceptOnCreate",
        UpdateReplacePolicy: "Retain",
      });
  });

  it("the key signs on the curve P-256, and does nothing else", () => {
    expect(properties("AWS::KMS::Key")).toMatchObject({
      KeySpec: "ECC_NIST_P256",
      KeyUsage: "SIGN_VERIFY",
    });
  });

  it("archive runs every hour, and has every variable that it reads", () => {
    const fn = only("AWS::Lambda::Function", "ArchiveFunction").properties;
    expect(fn.all).toMatchObject({ Timeout: 900 });
    expect(properties("AWS::Events::Rule", "Archive")).toMatchObject({
      ScheduleExpression: "rate(1 hour)",
    });
    const variables = fn.members("Environment").object("Variables") as Record<string, string>;
    expect(archiveConfig(variables)).toMatchObject({
      archiveBucket: only("AWS::S3::Bucket").ref,
      sealKeyId: only("AWS::KMS::Key").ref,
    });
  });
});

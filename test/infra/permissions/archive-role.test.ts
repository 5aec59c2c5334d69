import { describe, expect, it } from "vitest";
import { decideWithPolicy } from "../../../lab/sandbox/aws/resource-policy.ts";
import { ACCOUNT, allowedActions } from "../broker.ts";
import { arn, roleWorld } from "./role-world.ts";

const { stack, arnOf, AUDIT, REQUESTS, LEDGER } = roleWorld();
const BUCKET = arnOf("AWS::S3::Bucket");
const KEY = arnOf("AWS::KMS::Key");
const SEALING = { "kms:MessageType": "DIGEST", "kms:SigningAlgorithm": "ECDSA_SHA_256" };
type Context = Readonly<Record<string, string | readonly string[]>>;
/** Leading keys of items. */
const keys = (...all: readonly string[]) => ({ "dynamodb:LeadingKeys": all });
const decide = (action: string, resource: string, context: Context = {}) =>
  stack.decide("ArchiveFunctionRole", { action, resource, context });

describe("the role of archive", () => {
  it("archive may query records, add to the archive and read it, sign, publish, and write its log", () => {
    expect(allowedActions(stack.role("ArchiveFunctionRole"))).toEqual([
      "dynamodb:DescribeTable",
      "dynamodb:Query",
      "events:PutEvents",
      "kms:GetPublicKey",
      "kms:Sign",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:PutObject",
    ]);
  });

  it.each([
    ["dynamodb:DescribeTable", AUDIT, {}],
    ["dynamodb:Query", AUDIT, {}],
    ["dynamodb:Query", `${AUDIT}/index/audit`, {}],
    ["s3:PutObject", `${BUCKET}/seals/2026-11-24.json`, {}],
    ["s3:PutObject", `${BUCKET}/records/2026-11-24/2026-11-24T10/0001.ndjson.gz`, {}],
    ["s3:PutObject", `${BUCKET}/first-day.txt`, {}],
    ["s3:GetObject", `${BUCKET}/seals/2026-11-24.json`, {}],
    ["s3:PutObject", `${BUCKET}/policies/${"a".repeat(64)}.json`, {}],
    ["s3:PutObject", `${BUCKET}/published/2026-11-24.txt`, {}],
    ["dynamodb:Query", REQUESTS, keys("STANDING#1")],
    ["s3:PutObject", `${BUCKET}/standing/${"a".repeat(64)}.ndjson.gz`, {}],
    ["s3:GetObject", `${BUCKET}/standing/${"a".repeat(64)}.ndjson.gz`, {}],
    ["s3:ListBucket", BUCKET, {}],
    ["events:PutEvents", arn("events", "event-bus/timelatch"), {}],
  ])("archive may call %s on %s", async (action, resource, context) => {
    expect(await decide(action, resource, context)).toBe("Allowed");
  });

  it.each<[string, string, Context?]>([
    ["s3:DeleteObject", `${BUCKET}/seals/2026-11-24.json`],
    ["s3:DeleteObjectVersion", `${BUCKET}/seals/2026-11-24.json`],
    ["s3:BypassGovernanceRetention", `${BUCKET}/seals/2026-11-24.json`],
    ["s3:PutObjectRetention", `${BUCKET}/seals/2026-11-24.json`],
    ["s3:PutObjectLegalHold", `${BUCKET}/seals/2026-11-24.json`],
    ["s3:PutBucketObjectLockConfiguration", BUCKET],
    ["s3:PutLifecycleConfiguration", BUCKET],
    ["s3:PutBucketVersioning", BUCKET],
    ["s3:PutBucketPolicy", BUCKET],
    ["s3:DeleteBucketPolicy", BUCKET],
    ["s3:DeleteBucket", BUCKET],
    ["s3:PutObject", `${BUCKET}/other/name`],
    ["s3:PutObject", "arn:aws:s3:::another/seals/2026-11-24.json"],
    ["s3:GetObject", "arn:aws:s3:::another/seals/2026-11-24.json"],
    ["s3:ListAllMyBuckets", "*"],
    ["kms:Sign", arn("kms", "key/another"), SEALING],
    ["kms:ScheduleKeyDeletion", KEY],
    ["kms:DisableKey", KEY],
    ["kms:PutKeyPolicy", KEY],
    ["kms:CreateGrant", KEY],
    ["dynamodb:PutItem", AUDIT],
    ["dynamodb:UpdateItem", AUDIT],
    ["dynamodb:DeleteItem", AUDIT],
    ["dynamodb:Scan", AUDIT],
    ["dynamodb:DescribeTable", REQUESTS],
    ["dynamodb:Query", REQUESTS],
    ["dynamodb:Query", REQUESTS, keys("REQ#1")],
    ["dynamodb:Query", REQUESTS, keys("STANDING#1", "REQ#1")],
    ["dynamodb:Query", `${REQUESTS}/index/mine`, keys("STANDING#1")],
    ["dynamodb:GetItem", REQUESTS, keys("STANDING#1")],
    ["dynamodb:PutItem", REQUESTS, keys("STANDING#1")],
    ["dynamodb:PutItem", AUDIT, keys("STANDING#1")],
    ["dynamodb:Query", LEDGER],
    ["dynamodb:GetItem", REQUESTS],
    ["sqs:SendMessage", arn("sqs", "timelatch-converge.fifo")],
    ["sts:AssumeRole", `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`],
    ["eks:DescribeAccessEntry", arn("eks", "access-entry/prod/x")],
    ["events:PutEvents", arn("events", "event-bus/default")],
  ])("archive may not call %s on %s", async (action, resource, context) => {
    expect(await decide(action, resource, context)).not.toBe("Allowed");
  });

  it.each([
    ["s3:DeleteObject", `${BUCKET}/seals/2026-11-24.json`],
    ["s3:DeleteObjectVersion", `${BUCKET}/seals/2026-11-24.json`],
    ["s3:BypassGovernanceRetention", `${BUCKET}/seals/2026-11-24.json`],
    ["s3:PutObjectRetention", `${BUCKET}/seals/2026-11-24.json`],
    ["s3:PutLifecycleConfiguration", BUCKET],
    ["s3:PutBucketVersioning", BUCKET],
    ["s3:PutBucketPolicy", BUCKET],
    ["s3:DeleteBucketPolicy", BUCKET],
  ])(
    "archive is denied %s on %s, whatever else is attached to its role",
    async (action, resource) => {
      expect(await decide(action, resource)).toBe("ExplicitlyDenied");
    },
  );
});

describe("the policy of the key that seals", () => {
  const [key] = stack.ofType("AWS::KMS::Key");
  const policy = key?.properties.object("KeyPolicy") ?? {};
  const now = new Date("2026-11-24T10:00:00Z");

  const asArchive = (action: string, context: Context) =>
    decideWithPolicy(stack.state, {
      caller: stack.caller("ArchiveFunctionRole"),
      now,
      policy,
      check: { action, resource: KEY, context },
    });

  it("archive may sign digests by ECDSA, and read the public key", async () => {
    expect(await asArchive("kms:Sign", SEALING)).toBe("Allowed");
    expect(await asArchive("kms:GetPublicKey", {})).toBe("Allowed");
  });

  it.each<[string, Context]>([
    ["kms:Sign", {}],
    ["kms:Sign", { ...SEALING, "kms:MessageType": "RAW" }],
    ["kms:Sign", { ...SEALING, "kms:SigningAlgorithm": "RSASSA_PSS_SHA_256" }],
    ["kms:DisableKey", {}],
    ["kms:ScheduleKeyDeletion", {}],
    ["kms:PutKeyPolicy", {}],
  ])("archive may not call %s with %j", async (action, context) => {
    expect(await asArchive(action, context)).not.toBe("Allowed");
  });

  it("the key's policy lets nobody else sign, whatever IAM allows them", async () => {
    const caller = stack.caller("ConvergeFunctionRole");
    const { arn: role } = stack.role("ConvergeFunctionRole");
    const all = { Effect: "Allow", Action: "*", Resource: "*" };
    const known = stack.state.roles[role];
    if (!known) throw new Error("Converge has no role.");
    const policies = { all: { Version: "2012-10-17", Statement: [all] } };
    const state = {
      ...stack.state,
      roles: { ...stack.state.roles, [role]: { ...known, policies } },
    };
    const decided = (action: string) =>
      decideWithPolicy(state, {
        caller,
        now,
        policy,
        check: { action, resource: KEY, context: SEALING },
      });
    expect(await decided("kms:GetPublicKey")).toBe("Allowed");
    expect(await decided("kms:Sign")).not.toBe("Allowed");
  });
});

/** The stack of a witness, IAM's answers about its role, and about who may read the broker's seals. */
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import type { IamState } from "../../lab/sandbox/aws/iam/state.ts";
import { decideWithPolicy } from "../../lab/sandbox/aws/resource-policy.ts";
import type { Caller } from "../../lab/sandbox/aws/service.ts";
import type { Template as TemplateJson } from "../../lab/sandbox/template/assembly.ts";
import { loadStack } from "../../lab/sandbox/template/load-stack.ts";
import { ACCOUNT, broker, sampleWith } from "./broker.ts";
import { iamRole } from "./spoke-world.ts";
import { AUDITOR, SEAL_KEY, WITNESS_ROLE, witnessApp } from "./witness-world.ts";

const { stack: witness } = witnessApp();
const URL = "http://127.0.0.1:1";
const loaded = loadStack(
  {
    stackName: "TimelatchWitness",
    template: Template.fromStack(witness).toJSON() as TemplateJson,
    assetDir: () => "/not-run",
  },
  { ...AUDITOR, stackName: "TimelatchWitness", awsUrl: URL, apiUrl: URL },
);
const [role] = loaded.roles;
const [fn] = loaded.functions;
const [bucket] = loaded.buckets;
const [key] = loaded.kms.keys;
if (!role || !fn || !bucket || !key) throw new Error("The stack of the witness lacks something.");

const STATEMENTS = { Version: "2012-10-17" };
const OWN = `arn:aws:s3:::${bucket.name}`;
const ARCHIVE = "arn:aws:s3:::timelatch-archive";
const state: IamState = {
  accountId: AUDITOR.account,
  credentials: {},
  roles: {
    [role.arn]: iamRole(role),
    ...Object.fromEntries(
      [
        WITNESS_ROLE.replace("witness", "other"),
        `arn:aws:iam::${ACCOUNT}:role/timelatch-witness`,
      ].map((arn) => [arn, { ...iamRole(role), arn }]),
    ),
  },
};
const callerOf = (arn: string): Caller => {
  const [, , , , accountId = "", name = ""] = arn.split(":");
  return {
    arn: `arn:aws:sts::${accountId}:assumed-role/${name.slice("role/".length)}/session`,
    principalArn: arn,
    accountId,
    userId: "AROA:session",
    accessKeyId: "ASIAEXAMPLE",
  };
};

interface Asked {
  readonly as?: string;
  readonly policies?: readonly Readonly<Record<string, unknown>>[];
  readonly owner?: string;
  readonly context?: Readonly<Record<string, string>>;
}

const decide = (
  action: string,
  resource: string,
  { as = WITNESS_ROLE, policies = [], owner = AUDITOR.account, context = {} }: Asked = {},
) => {
  const Statement = policies.flatMap((policy) => [policy["Statement"]].flat());
  const own = { "aws:ResourceAccount": owner, "aws:SecureTransport": "true", ...context };
  return decideWithPolicy(state, {
    caller: callerOf(as),
    now: new Date("2026-11-24T10:00:00Z"),
    check: { action, resource, context: own },
    ...(Statement.length === 0 ? {} : { policy: { ...STATEMENTS, Statement } }),
  });
};

const COSIGNING = { "kms:MessageType": "RAW", "kms:SigningAlgorithm": "ED25519_SHA_512" };
const NEW = { "s3:if-none-match": "*" };

describe("the stack of a witness", () => {
  it("It has one role of a known name, and hands the function the pinned key of the seals", () => {
    expect(loaded.roles.map(({ arn }) => arn)).toEqual([WITNESS_ROLE]);
    expect(fn.environment).toMatchObject({
      ARCHIVE_BUCKET: "timelatch-archive",
      ARCHIVE_REGION: "us-west-2",
      WITNESS_NAME: "auditors.example",
      SEAL_PUBLIC_KEY: SEAL_KEY.publicKey.export({ type: "spki", format: "pem" }),
    });
    expect(key.spec).toBe("ECC_NIST_EDWARDS25519");
    expect(loaded.rules.map(({ everyMinutes }) => everyMinutes)).toEqual([60]);
  });

  it("Its alarms read what the function reports", () => {
    const read = loaded.alarms.map(({ settings }) => [
      settings["Namespace"],
      settings["MetricName"],
      settings["TreatMissingData"],
    ]);
    expect(read).toEqual([
      ["Timelatch", "WitnessRefused", "notBreaching"],
      ["Timelatch", "Witnessed", "breaching"],
    ]);
  });

  it.each([
    [{ name: "a b" }, 'The name "a b"'],
    [{ deployment: "Prod" }, 'The deployment "Prod"'],
    [{ archive: { bucket: "b", publicKey: "package.json" } }, "package.json is not a public key"],
  ])("It refuses %j before anything is synthesized", (change, why) => {
    expect(() => witnessApp(change)).toThrow(why);
  });
});

describe("the role of a witness", () => {
  const policies = bucket.policies;

  it.each<[string, string, Asked]>([
    ["s3:PutObject", `${OWN}/checkpoints/000001.txt`, { policies, context: NEW }],
    ["s3:GetObject", `${OWN}/checkpoints/000001.txt`, { policies }],
    ["s3:PutObject", `${OWN}/witness.pem`, { policies, context: NEW }],
    ["s3:ListBucket", OWN, { policies }],
    ["kms:Sign", key.arn, { policies: [key.policy], context: COSIGNING }],
    ["kms:GetPublicKey", key.arn, { policies: [key.policy] }],
  ])("It may call %s on %s", async (action, resource, asked) => {
    expect(await decide(action, resource, asked)).toBe("Allowed");
  });

  it.each<[string, string, Asked]>([
    ["s3:PutObject", `${OWN}/checkpoints/000001.txt`, { policies }],
    ["s3:DeleteObject", `${OWN}/checkpoints/000001.txt`, { policies }],
    ["s3:PutObject", `${OWN}/other`, { policies, context: NEW }],
    ["s3:PutBucketPolicy", OWN, {}],
    ["kms:Sign", key.arn, { policies: [key.policy] }],
    [
      "kms:Sign",
      key.arn,
      { policies: [key.policy], context: { ...COSIGNING, "kms:MessageType": "DIGEST" } },
    ],
    ["kms:PutKeyPolicy", key.arn, { policies: [key.policy] }],
    ["s3:GetObject", `${ARCHIVE}/records/2026-11-24/x`, {}],
    ["s3:PutObject", `${ARCHIVE}/seals/2026-11-24.json`, { context: NEW }],
    ["sts:AssumeRole", `arn:aws:iam::${ACCOUNT}:role/timelatch-archive`, {}],
  ])("It may not call %s on %s", async (action, resource, asked) => {
    expect(await decide(action, resource, asked)).not.toBe("Allowed");
  });

  it("Nobody else of its account signs or puts, whatever IAM allows them", async () => {
    const as = WITNESS_ROLE.replace("witness", "other");
    const everything = {
      ...STATEMENTS,
      Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
    };
    const before = state.roles[as];
    if (before) state.roles[as] = { ...before, policies: { everything } };
    const object = `${OWN}/checkpoints/000001.txt`;
    expect(await decide("s3:PutObject", object, { as, policies, context: NEW })).toBe(
      "ExplicitlyDenied",
    );
    const asked = { as, policies: [key.policy], context: COSIGNING };
    expect(await decide("kms:Sign", key.arn, asked)).toBe("ExplicitlyDenied");
  });
});

describe("the archive of a broker whose access.yaml names the witness", () => {
  const access = sampleWith((policy) =>
    Object.assign(policy, { archive: { mode: "GOVERNANCE", days: 30, witnesses: [WITNESS_ROLE] } }),
  );
  const [archivePolicy] = broker(access).ofType("AWS::S3::BucketPolicy");
  // The stack names a bucket of its own, which the witness's template cannot know here.
  const named = JSON.parse(
    JSON.stringify(archivePolicy?.properties.object("PolicyDocument")).replaceAll(
      /arn:aws:s3:::[a-z0-9-]+/g,
      ARCHIVE,
    ),
  );
  const asked = { policies: [named], owner: ACCOUNT };
  const seal = `${ARCHIVE}/seals/2026-11-24.json`;
  const LISTING = { context: { "s3:prefix": "seals/" } };

  it("The witness reads and lists the seals, and nothing else", async () => {
    expect(await decide("s3:GetObject", seal, asked)).toBe("Allowed");
    expect(await decide("s3:ListBucket", ARCHIVE, { ...asked, ...LISTING })).toBe("Allowed");
    for (const [action, resource, context] of [
      ["s3:ListBucket", ARCHIVE, {}],
      ["s3:ListBucket", ARCHIVE, { "s3:prefix": "records/" }],
      ["s3:GetObject", `${ARCHIVE}/records/2026-11-24/x`, {}],
      ["s3:GetObject", `${ARCHIVE}/policies/x.json`, {}],
      ["s3:PutObject", seal, NEW],
      ["s3:DeleteObject", seal, {}],
    ] as const)
      expect(await decide(action, resource, { ...asked, context }), action).not.toBe("Allowed");
  });

  it("No other role of the auditor's account reads them, nor the witness where nobody names it", async () => {
    const as = WITNESS_ROLE.replace("witness", "other");
    expect(await decide("s3:GetObject", seal, { ...asked, as })).not.toBe("Allowed");
    const [without] = broker().ofType("AWS::S3::BucketPolicy");
    const policies = [without?.properties.object("PolicyDocument") ?? {}];
    expect(await decide("s3:GetObject", seal, { policies, owner: ACCOUNT })).not.toBe("Allowed");
  });
});

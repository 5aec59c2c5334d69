/**
 * The rights of each role of the broker on each part of the record, as IAM and the policies of bucket and key
 * decide them. The table of docs/threat-model.md is this one: no cell is written by hand.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { decideWithPolicy } from "../../../lab/sandbox/aws/resource-policy.ts";
import { SAMPLE } from "../broker.ts";
import { roleWorld } from "./role-world.ts";

/** The sample, with everything that a policy may need. */
const primary = { service: "pagerduty", schedule: "PI7DH85", region: "us" } as const;
const { stack, arnOf, AUDIT, REQUESTS } = roleWorld({ ...SAMPLE, schedules: { primary } });
const BUCKET = arnOf("AWS::S3::Bucket");
const KEY = arnOf("AWS::KMS::Key");
const NOW = new Date("2026-11-24T10:00:00Z");

const ROLES = [
  ...[
    "api",
    "slack",
    "sweep",
    "notify",
    "converge",
    "correlate",
    "archive",
    "activity",
    "standing",
    "outside",
  ],
] as const;
const roleId = (role: string) => `${role[0]?.toUpperCase()}${role.slice(1)}FunctionRole`;

type Context = Readonly<Record<string, string | readonly string[]>>;
type Decide = (role: string, action: string, context?: Context) => Promise<string>;

const onItems =
  (table: string, key: string): Decide =>
  (role, action) =>
    stack.decide(roleId(role), {
      action,
      resource: table,
      context: { "dynamodb:LeadingKeys": [key] },
    });

const withPolicy =
  (type: string, member: string, resource: string): Decide =>
  (role, action, context = {}) => {
    const policy = stack.ofType(type)[0]?.properties.object(member) ?? {};
    const check = { action, resource, context: { "aws:SecureTransport": "true", ...context } };
    return decideWithPolicy(stack.state, {
      caller: stack.caller(roleId(role)),
      now: NOW,
      policy,
      check,
    });
  };

const onObjects = withPolicy("AWS::S3::BucketPolicy", "PolicyDocument", `${BUCKET}/seals/x.json`);
const onKey = withPolicy("AWS::KMS::Key", "KeyPolicy", KEY);

type Deed = readonly [word: string, action: string, context?: Context];

const ITEM_DEEDS: readonly Deed[] = [
  ["put", "dynamodb:PutItem"],
  ["update", "dynamodb:UpdateItem"],
  ["delete", "dynamodb:DeleteItem"],
];
const NEW = { "s3:if-none-match": "*" };
const SIGNING = { "kms:MessageType": "DIGEST", "kms:SigningAlgorithm": "ECDSA_SHA_256" };

/** A part of the record, how to ask about it, and what can be done to it. */
const PARTS: readonly (readonly [part: string, decide: Decide, deeds: readonly Deed[]])[] = [
  ["events", onItems(AUDIT, "AUDIT#1"), ITEM_DEEDS],
  ["evidence", onItems(AUDIT, "EVID#1"), ITEM_DEEDS],
  ["findings", onItems(AUDIT, "FIND#1"), ITEM_DEEDS],
  ["places of findings", onItems(AUDIT, "FINDING#1"), ITEM_DEEDS],
  ["readings", onItems(AUDIT, "STANDING#1"), ITEM_DEEDS],
  ["calls", onItems(REQUESTS, "CALL#1"), ITEM_DEEDS],
  ["intents", onItems(REQUESTS, "INTENT#1"), ITEM_DEEDS],
  [
    "archive",
    onObjects,
    [
      ["add", "s3:PutObject", NEW],
      ["put over", "s3:PutObject"],
      ["delete", "s3:DeleteObject"],
      ["delete a version", "s3:DeleteObjectVersion"],
    ],
  ],
  ["seals' key", onKey, [["sign", "kms:Sign", SIGNING]]],
];

async function cell(role: string, decide: Decide, deeds: readonly Deed[]): Promise<string> {
  const words: string[] = [];
  for (const [word, action, context] of deeds)
    if ((await decide(role, action, context)) === "Allowed") words.push(word);
  return words.join(", ") || "–";
}

async function table(): Promise<string> {
  const rows: string[] = [];
  for (const role of ROLES) {
    const cells: string[] = [];
    for (const [, decide, deeds] of PARTS) cells.push(await cell(role, decide, deeds));
    rows.push(`| \`${role}\` | ${cells.join(" | ")} |`);
  }
  const head = `| role | ${PARTS.map(([part]) => part).join(" | ")} |`;
  return [head, `|${" --- |".repeat(PARTS.length + 1)}`, ...rows].join("\n");
}

describe("The rights of each role on the record", () => {
  it("The table of docs/threat-model.md has what IAM and the policies of bucket and key decide", async () => {
    const page = path.resolve(import.meta.dirname, "../../../docs/threat-model.md");
    const [, written] =
      /<!-- rights on the record -->\n([\s\S]*?)\n<!-- end -->/.exec(readFileSync(page, "utf8")) ??
      [];
    expect(written).toBe(await table());
  });
});

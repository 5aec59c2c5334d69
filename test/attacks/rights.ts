/** Decisions of IAM and of the policies of bucket and key about each role, as the stack is synthesized. */
import { decideWithPolicy } from "../../lab/sandbox/aws/resource-policy.ts";
import { SAMPLE } from "../infra/broker.ts";
import { roleWorld } from "../infra/permissions/role-world.ts";

export const FUNCTIONS = [
  "api",
  "slack",
  "notify",
  "sweep",
  "converge",
  "correlate",
  "archive",
  "activity",
  "standing",
  "outside",
] as const;
/** Functions, an auditor with what docs/audit.md asks for, and whoever administers the account. */
export const ROLES = [...FUNCTIONS, "auditor", "administrator"] as const;
export type Role = (typeof ROLES)[number];

/** The sample, with everything that a policy may need. */
const primary = { service: "pagerduty", schedule: "PI7DH85", region: "us" } as const;
const { stack, arnOf, AUDIT, REQUESTS } = roleWorld({ ...SAMPLE, schedules: { primary } });
const BUCKET = arnOf("AWS::S3::Bucket");
const KEY = arnOf("AWS::KMS::Key");
const NOW = new Date("2026-11-24T10:00:00Z");

const AUDITOR_POLICY = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: ["s3:ListBucket", "s3:GetObject"], Resource: "*" },
    { Effect: "Allow", Action: ["kms:GetPublicKey", "execute-api:Invoke"], Resource: "*" },
  ],
};
const AUDITOR = "arn:aws:iam::111122223333:role/audit";

function stateWithAuditor() {
  const api = stack.role("ApiFunctionRole");
  const role = { ...api, arn: AUDITOR, roleName: "audit", policies: { audit: AUDITOR_POLICY } };
  return { ...stack.state, roles: { ...stack.state.roles, [AUDITOR]: role } };
}
const STATE = stateWithAuditor();

function callerOf(role: Role) {
  if (role === "auditor")
    return {
      ...stack.caller("ApiFunctionRole"),
      arn: "arn:aws:sts::111122223333:assumed-role/audit/dave",
      principalArn: AUDITOR,
    };
  return stack.caller(`${role[0]?.toUpperCase()}${role.slice(1)}FunctionRole`);
}

interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** The table and the partition key, where it is about an item. */
  readonly item?: { readonly table: string; readonly key: string };
  readonly policyOf?: "AWS::S3::BucketPolicy" | "AWS::KMS::Key";
}

const item = (table: string, key: string) => (action: string) => ({
  action: `dynamodb:${action}`,
  resource: table,
  context: { "dynamodb:LeadingKeys": [key] },
  item: { table: table === AUDIT ? "audit" : "requests", key },
});
const event = item(AUDIT, "AUDIT#1");
const evidence = item(AUDIT, "EVID#1");
const finding = item(AUDIT, "FIND#1");
const reading = item(AUDIT, "STANDING#1");
const call = item(REQUESTS, "CALL#1");
const intent = item(REQUESTS, "INTENT#1");

const object = (action: string, context: Asked["context"] = {}): Asked => ({
  action: `s3:${action}`,
  resource: `${BUCKET}/seals/2026-11-24.json`,
  context: { "aws:SecureTransport": "true", ...context },
  policyOf: "AWS::S3::BucketPolicy",
});

export const ACCESS_LOG = arnOf("AWS::Logs::LogGroup", "HttpAccessLog");
const log = (action: string): Asked => ({ action: `logs:${action}`, resource: ACCESS_LOG });

/** By the words that attacks use. */
const RIGHTS = {
  "put an event": event("PutItem"),
  "update an event": event("UpdateItem"),
  "delete an event": event("DeleteItem"),
  "put evidence": evidence("PutItem"),
  "delete evidence": evidence("DeleteItem"),
  "put a finding": finding("PutItem"),
  "delete a finding": finding("DeleteItem"),
  "put a reading": reading("PutItem"),
  "delete a reading": reading("DeleteItem"),
  "put a delegation": item(AUDIT, "DELEG#1")("PutItem"),
  "delete a delegation": item(AUDIT, "DELEG#1")("DeleteItem"),
  "put a suspension": item(AUDIT, "STOP#ALL")("PutItem"),
  "delete a suspension": item(AUDIT, "STOP#ALL")("DeleteItem"),
  "put a call": call("PutItem"),
  "delete a call": call("DeleteItem"),
  "put an intent": intent("PutItem"),
  "delete an intent": intent("DeleteItem"),
  "delete a place of open findings": item(REQUESTS, "OPEN#1")("DeleteItem"),
  "update the notice of a finding": item(REQUESTS, "NOTICE#finding-1")("UpdateItem"),
  "put a record of a request": item(REQUESTS, "REQ#1")("PutItem"),
  "delete a record of a request": item(REQUESTS, "REQ#1")("DeleteItem"),
  "put an object": object("PutObject", { "s3:if-none-match": "*" }),
  "put over an object": object("PutObject"),
  "delete an object": object("DeleteObject"),
  "delete a version": object("DeleteObjectVersion"),
  sign: {
    ...{ action: "kms:Sign", resource: KEY, policyOf: "AWS::KMS::Key" },
    context: { "kms:MessageType": "DIGEST", "kms:SigningAlgorithm": "ECDSA_SHA_256" },
  },
  "write the access log": log("PutLogEvents"),
  "delete the access log": log("DeleteLogGroup"),
  "delete a part of the access log": log("DeleteLogStream"),
  "call the API": {
    action: "execute-api:Invoke",
    resource: "arn:aws:execute-api:us-west-2:111122223333:a/$default/POST/v1/findings",
  },
} as const satisfies Readonly<Record<string, Asked>>;

/** A right by IAM, or that something is the attacker's own to do or to leave. */
export type Right = keyof typeof RIGHTS | `be ${Role}`;

/** Those about items, for whoever tries them out. */
export const ITEM_RIGHTS = Object.entries(RIGHTS).flatMap(([name, asked]) =>
  "item" in asked ? [{ name: name as Right, action: asked.action, ...asked.item } as const] : [],
);

const MEMBER = { "AWS::S3::BucketPolicy": "PolicyDocument", "AWS::KMS::Key": "KeyPolicy" } as const;

/** Whether a role may. An administrator may: where a policy of a resource denies it, they change that policy first. */
export async function may(role: Role, right: Right): Promise<boolean> {
  if (right.startsWith("be ")) return right === `be ${role}` || role === "administrator";
  if (role === "administrator") return true;
  const asked: Asked = RIGHTS[right as keyof typeof RIGHTS];
  const { policyOf, item: _, ...check } = asked;
  const policy = policyOf && stack.ofType(policyOf)[0]?.properties.object(MEMBER[policyOf]);
  const decision = await decideWithPolicy(STATE, {
    ...{ caller: callerOf(role), now: NOW, check },
    ...(policy ? { policy } : {}),
  });
  return decision === "Allowed";
}

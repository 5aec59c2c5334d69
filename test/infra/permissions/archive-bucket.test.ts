/** The policy of the archive's bucket refuses calls that IAM would allow. */
import { describe, expect, it } from "vitest";
import { decideWithPolicy } from "../../../lab/sandbox/aws/resource-policy.ts";
import { roleWorld } from "./role-world.ts";

const { stack, arnOf } = roleWorld();
const BUCKET = arnOf("AWS::S3::Bucket");
const SEAL = `${BUCKET}/seals/2026-11-24.json`;
const NEW = { "s3:if-none-match": "*" };
const SECURE = { "aws:SecureTransport": "true" };
const [bucketPolicy] = stack.ofType("AWS::S3::BucketPolicy");
const policy = bucketPolicy?.properties.object("PolicyDocument") ?? {};
const now = new Date("2026-11-24T10:00:00Z");

/** Each function's role, as an administrator's policy on it would leave it. */
function asAdministrator(roleId: string) {
  const { arn } = stack.role(roleId);
  const known = stack.state.roles[arn];
  if (!known) throw new Error(`There is no role ${roleId}.`);
  const all = { Effect: "Allow", Action: "*", Resource: "*" };
  const policies = { all: { Version: "2012-10-17", Statement: [all] } };
  return { ...stack.state, roles: { ...stack.state.roles, [arn]: { ...known, policies } } };
}

const decide = (
  roleId: string,
  action: string,
  resource: string,
  context: Readonly<Record<string, string>> = {},
) =>
  decideWithPolicy(asAdministrator(roleId), {
    caller: stack.caller(roleId),
    now,
    policy,
    check: { action, resource, context: { ...SECURE, ...context } },
  });

const OTHERS = ["Api", "Slack", "Notify", "Sweep", "Converge", "Correlate", "Activity", "Standing"];

describe("the policy of the archive's bucket", () => {
  it("archive may put an object that is not there yet", async () => {
    expect(await decide("ArchiveFunctionRole", "s3:PutObject", SEAL, NEW)).toBe("Allowed");
  });

  it("nobody may put without the condition that nothing is there, archive included", async () => {
    expect(await decide("ArchiveFunctionRole", "s3:PutObject", SEAL)).toBe("ExplicitlyDenied");
  });

  it.each(OTHERS)("%s may put nothing, also with every right of IAM", async (name) => {
    const role = `${name}FunctionRole`;
    expect(await decide(role, "s3:PutObject", SEAL, NEW)).toBe("ExplicitlyDenied");
    expect(await decide(role, "s3:GetObject", SEAL)).toBe("Allowed");
  });

  it.each(["Archive", ...OTHERS])(
    "%s may delete nothing, also with every right of IAM",
    async (name) => {
      const role = `${name}FunctionRole`;
      for (const action of [
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:BypassGovernanceRetention",
      ])
        expect(await decide(role, action, SEAL)).toBe("ExplicitlyDenied");
    },
  );
});

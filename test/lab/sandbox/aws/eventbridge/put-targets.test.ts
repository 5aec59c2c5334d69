import { describe, expect, it } from "vitest";
import {
  refusedTarget,
  type TargetSurroundings,
} from "../../../../../lab/sandbox/aws/eventbridge/put-targets.ts";
import type { IamRole, PolicyDocument } from "../../../../../lab/sandbox/aws/iam/state.ts";
import type { Caller } from "../../../../../lab/sandbox/aws/service.ts";

const [HUB, SPOKE] = ["111122223333", "444455556666"];
const BUS = `arn:aws:events:us-west-2:${HUB}:event-bus/trail`;
const ROLE = `arn:aws:iam::${SPOKE}:role/forward`;
const RULE = `arn:aws:events:us-west-2:${SPOKE}:rule/forward`;
const DEPLOYER: Caller = {
  arn: `arn:aws:sts::${SPOKE}:assumed-role/deployer/cloudformation`,
  principalArn: `arn:aws:iam::${SPOKE}:role/deployer`,
  accountId: SPOKE,
  userId: "AROADEPLOYER:cloudformation",
  accessKeyId: "",
};

const document = (...statements: readonly object[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: statements,
});
const TRUSTED = {
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal: { Service: "events.amazonaws.com" },
};
const allowed = (account: string, Condition?: object) =>
  document({
    Effect: "Allow",
    Action: "events:PutEvents",
    Resource: BUS,
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    ...(Condition ? { Condition } : {}),
  });

/** A bus with this policy, and a role with this trust. */
function surroundings(
  policy: PolicyDocument | undefined,
  trust: PolicyDocument | undefined = document(TRUSTED),
): TargetSurroundings {
  const role: IamRole = {
    kind: "role",
    arn: ROLE,
    roleName: "forward",
    path: "/",
    roleId: "AROAFORWARD",
    createDate: "2026-11-28T10:00:00Z",
    policies: {},
    maxSessionDuration: 3_600,
    assumeRolePolicyDocument: trust,
  };
  return { roles: { [ROLE]: role }, buses: [{ arn: BUS, ...(policy ? { policy } : {}) }] };
}

const asked = (
  around: TargetSurroundings,
  given: { rule?: string; roleArn?: string; arn?: string } = {},
) => refusedTarget(around, given.rule ?? RULE, { arn: BUS, roleArn: ROLE, ...given }, DEPLOYER);

describe("A rule whose target is a bus of another account", () => {
  it("It is made where the bus's policy lets the account put events, and EventBridge may take the role", async () => {
    expect(await asked(surroundings(allowed(SPOKE)))).toBeUndefined();
  });

  it.each<readonly [string, PolicyDocument | undefined]>([
    ["has no policy", undefined],
    ["lets another account", allowed("999999999999")],
    [
      "lets another role than whoever makes the rule",
      allowed(SPOKE, { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/forward" } }),
    ],
    ["wants an event's source", allowed(SPOKE, { StringEquals: { "events:source": "aws.eks" } })],
  ])("It is refused where the bus %s", async (_what, policy) => {
    expect(await asked(surroundings(policy))).toContain("AccessDeniedException");
  });

  it("It is refused where there is no bus", async () => {
    expect(await asked({ ...surroundings(undefined), buses: [] })).toContain(
      "AccessDeniedException",
    );
  });

  it.each<readonly [string, Partial<TargetSurroundings>]>([
    ["is not there", { roles: {} }],
    [
      "trusts another service",
      surroundings(
        undefined,
        document({ ...TRUSTED, Principal: { Service: "lambda.amazonaws.com" } }),
      ),
    ],
    [
      "asks for a key that EventBridge may not present",
      surroundings(
        undefined,
        document({ ...TRUSTED, Condition: { StringEquals: { "aws:SourceAccount": SPOKE } } }),
      ),
    ],
  ])("It is refused where the role %s", async (_what, changed) => {
    const { buses } = surroundings(allowed(SPOKE));
    expect(await asked({ ...surroundings(undefined), ...changed, buses })).toBe(
      `Provided role '${ROLE}' cannot be assumed by principal 'events.amazonaws.com'. (ValidationException)`,
    );
  });

  it("It takes no role of another account", async () => {
    const rule = RULE.replace(SPOKE, HUB);
    expect(await asked(surroundings(allowed(HUB)), { rule })).toContain("cannot be assumed");
  });
});

describe("A rule whose target is a bus of its own account", () => {
  const roleArn = ROLE.replace(SPOKE, HUB);
  const own = (policy: PolicyDocument | undefined) => {
    const { roles, buses } = surroundings(policy);
    const [role] = Object.values(roles);
    return { buses, roles: role ? { [roleArn]: { ...role, arn: roleArn } } : {} };
  };
  const ruleIn = (region: string) => `arn:aws:events:${region}:${HUB}:rule/forward`;

  it("In another region, the bus's policy has to name the account itself", async () => {
    const deployer = { ...DEPLOYER, accountId: HUB, arn: DEPLOYER.arn.replace(SPOKE, HUB) };
    const refusedWith = (policy: PolicyDocument) =>
      refusedTarget(own(policy), ruleIn("eu-west-1"), { arn: BUS, roleArn }, deployer);
    expect(await refusedWith(allowed(SPOKE))).toContain("AccessDeniedException");
    expect(await refusedWith(allowed(HUB))).toBeUndefined();
  });

  it("In the same region it has to be there, and needs no policy", async () => {
    const given = { rule: ruleIn("us-west-2"), roleArn };
    expect(await asked(own(undefined), given)).toBeUndefined();
    expect(await asked({ ...own(undefined), buses: [] }, given)).toContain(
      "ResourceNotFoundException",
    );
  });
});

it("A target that is no bus is not looked at", async () => {
  const arn = `arn:aws:sqs:us-west-2:${SPOKE}:queue`;
  expect(await refusedTarget({ roles: {}, buses: [] }, RULE, { arn }, DEPLOYER)).toBeUndefined();
});

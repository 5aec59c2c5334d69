/** Roles with a permissions boundary, as a landing zone has them put on every role. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decide } from "../../../../lab/sandbox/aws/authorize.ts";
import { type Call, cloudFormationWorld, deployed } from "./cloudformation-world.ts";

const ACCOUNT = "111122223333";
const ARN = `arn:aws:iam::${ACCOUNT}:role/probe-bounded`;

let world: Awaited<ReturnType<typeof cloudFormationWorld>>;
let admin: Call;
beforeAll(async () => {
  world = await cloudFormationWorld();
  admin = world.admin;
});
afterAll(() => world.close());

const allow = (Action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*" }],
});

/** A role that may do everything in IAM, as far as the boundary allows it. */
const template = (allowed: string | undefined, boundary: unknown = { Ref: "Boundary" }) =>
  JSON.stringify({
    Resources: {
      ...(allowed === undefined
        ? {}
        : {
            Boundary: {
              Type: "AWS::IAM::ManagedPolicy",
              Properties: { ManagedPolicyName: "landing-zone", PolicyDocument: allow(allowed) },
            },
          }),
      Bounded: {
        Type: "AWS::IAM::Role",
        Properties: {
          RoleName: "probe-bounded",
          PermissionsBoundary: boundary,
          Policies: [{ PolicyName: "all", PolicyDocument: allow("iam:*") }],
          AssumeRolePolicyDocument: {
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Action: "sts:AssumeRole",
                Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
              },
            ],
          },
        },
      },
    },
  });

const may = (action: string) =>
  decide(
    world.state.iam.state,
    {
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/probe-bounded/s`,
      principalArn: ARN,
      accountId: ACCOUNT,
      userId: "AROA:s",
      accessKeyId: "",
    },
    { action, resource: action === "iam:ListRoles" ? "*" : ARN },
    new Date("2026-11-24T10:00:00Z"),
  );

describe("A role with a permissions boundary", () => {
  it("It may do what both its policies and the boundary allow, also after the boundary changes", async () => {
    expect((await deployed(admin, "Bounded", template("iam:Get*"))).first("StackStatus")).toBe(
      "CREATE_COMPLETE",
    );
    expect(await may("iam:GetRole")).toBe("Allowed");
    expect(await may("iam:ListRoles")).toBe("ImplicitlyDenied");
    await deployed(admin, "Bounded", template("iam:List*"));
    expect(await may("iam:GetRole")).toBe("ImplicitlyDenied");
    expect(await may("iam:ListRoles")).toBe("Allowed");
  });

  it("A boundary that does not exist makes the stack fail", async () => {
    const none = `arn:aws:iam::${ACCOUNT}:policy/none`;
    const made = await deployed(admin, "Unbounded", template(undefined, none));
    expect(made.first("StackStatus")).toBe("ROLLBACK_COMPLETE");
  });
});

/** Letters of a stack's IAM: what IAM refuses, and what CloudFormation answers of the others. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answered, type Call, cloudFormationWorld, deployed } from "./cloudformation-world.ts";

let world: Awaited<ReturnType<typeof cloudFormationWorld>>;
let admin: Call;
beforeAll(async () => {
  world = await cloudFormationWorld();
  admin = world.admin;
});
afterAll(() => world.close());

/** A stack with one role for a SAML subject. */
const template = (subject: string, description: string) =>
  JSON.stringify({
    Description: description,
    Resources: {
      One: {
        Type: "AWS::IAM::Role",
        Properties: {
          RoleName: "probe-letters",
          Description: description,
          AssumeRolePolicyDocument: {
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Action: "sts:AssumeRole",
                Principal: { AWS: "arn:aws:iam::111122223333:root" },
                Condition: { StringEquals: { "saml:sub": subject } },
              },
            ],
          },
        },
      },
    },
    Outputs: { Whose: { Value: subject } },
  });

const reasons = async (stack: Answered) =>
  (await admin("DescribeStackEvents", { StackName: stack.first("StackId") })).all(
    "ResourceStatusReason",
  );

describe("A stack with letters beyond ASCII", () => {
  it.each([
    ["a trust policy", template("łukasz@example.com", "a role"), "assumeRolePolicyDocument"],
    ["a description", template("lukasz@example.com", "Łukasz"), "description"],
  ])(
    "Letters beyond Latin-1 in %s make it fail, in IAM's words",
    async (_what, text, parameter) => {
      const made = await deployed(admin, `Refused-${parameter}`, text);
      expect(made.first("StackStatus")).toBe("ROLLBACK_COMPLETE");
      expect((await reasons(made)).join("\n")).toContain(
        `at '${parameter}' failed to satisfy constraint: Member must satisfy regular expression pattern`,
      );
    },
  );

  it("Those of Latin-1 are deployed as they are, and answered as question marks", async () => {
    const made = await deployed(admin, "Latin", template("renée@example.com", "Renée"));
    expect(made.first("StackStatus")).toBe("CREATE_COMPLETE");
    const role = world.state.iam.state.roles["arn:aws:iam::111122223333:role/probe-letters"];
    expect(JSON.stringify(role?.assumeRolePolicyDocument)).toContain("renée@example.com");
    expect(role?.description).toBe("Renée");
    const answered = await admin("GetTemplate", { StackName: "Latin" });
    expect(answered.first("TemplateBody")).toContain("ren?e@example.com");
    const stack = await admin("DescribeStacks", { StackName: "Latin" });
    expect([stack.first("OutputValue"), stack.first("Description")]).toEqual([
      ...["ren?e@example.com", "Ren?e"],
    ]);
  });
});

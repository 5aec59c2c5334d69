/** The output of `timelatch deploy` about a change in IAM. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Template } from "../../../../cli/deployment/assembly.ts";
import { differenceText } from "../../../../cli/deployment/iam/difference-text.ts";
import { rightsDifference } from "../../../../cli/deployment/iam/rights-difference.ts";
import { templateRights } from "../../../../cli/deployment/iam/template-rights.ts";
import { fakeTerminal } from "../../fake-terminal.ts";
import { roleTemplate, statement } from "../fake-deployment.ts";

const PLACE = {
  name: "S",
  account: "111122223333",
  region: "us-west-2",
  deployRole: undefined,
  lookupRole: undefined,
};
const NARROW = fakeTerminal({ columns: 1_000 }).context.screen.out;

/** The sentences of a change, without their headings. */
const sentences = (before: Template, after: Template): readonly string[] =>
  differenceText(
    rightsDifference(templateRights(before, PLACE), templateRights(after, PLACE)),
    NARROW,
  )
    .split("\n")
    .filter((line) => /^ {4}[+-] /.test(line))
    .map((line) => line.trim());

const role = (...statements: readonly object[]) => roleTemplate("r", ...statements);
const ALLOW = statement("a:Do", "x");
const DENY = { ...ALLOW, Effect: "Deny" };
const resource = (Type: string, Properties: object): Template => ({
  Resources: { Thing0A1B2C3D: { Type, Properties: Properties as Record<string, unknown> } },
});
const trusting = (Principal: object, more: object = {}): Template =>
  resource("AWS::IAM::Role", {
    RoleName: "r",
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal, ...more }],
    },
  });
const ofAccount = {
  AWS: { "Fn::Join": ["", ["arn:aws:iam::", { Ref: "AWS::AccountId" }, ":root"]] },
};

describe("A change of a role's rights", () => {
  it.each<readonly [string, Template, Template, readonly string[]]>([
    ["a permission that is added", role(), role(ALLOW), ["+ may newly call a:Do on x."]],
    ["a permission that is taken away", role(ALLOW), role(), ["- may no longer call a:Do on x."]],
    ["a denial that is added", role(), role(DENY), ["- may in no case call a:Do on x."]],
    [
      "a denial that is taken away, which is more than before",
      role(DENY),
      role(),
      ["+ is no longer kept from calling a:Do on x."],
    ],
    [
      "a condition that is taken away",
      role({ ...ALLOW, Condition: { StringEquals: { "a:k": "v" } } }),
      role(ALLOW),
      ["+ may newly call a:Do on x.", "- may no longer call a:Do on x, where a:k is v."],
    ],
    [
      "actions of one statement, in one sentence",
      role(),
      role({ ...ALLOW, Action: ["a:Do", "a:Undo"] }),
      ["+ may newly call a:Do and a:Undo on x."],
    ],
    ["the same in another order", role(ALLOW, DENY), role(DENY, ALLOW), []],
    [
      "everything but one thing",
      role(),
      role({ Effect: "Allow", NotAction: "a:Do", Resource: "*" }),
      ["+ may newly call everything but a:Do on everything."],
    ],
    [
      "who may assume it",
      trusting({ Service: "lambda.amazonaws.com" }),
      trusting(ofAccount, { Condition: { Null: { "aws:PrincipalOrgID": "false" } } }),
      [
        "+ can newly be assumed by account 111122223333, where aws:PrincipalOrgID is there.",
        "- can no longer be assumed by lambda.amazonaws.com.",
      ],
    ],
    [
      "a managed policy that is attached",
      trusting(ofAccount),
      resource("AWS::IAM::Role", {
        ...trusting(ofAccount).Resources?.["Thing0A1B2C3D"]?.Properties,
        ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      }),
      ["+ newly has the policy policy/ReadOnlyAccess."],
    ],
  ])("It says %s", (_, before, after, expected) => {
    expect(sentences(before, after)).toEqual(expected);
  });

  it.each<readonly [string, object, string]>([
    [
      "AWS::SQS::QueuePolicy",
      {
        Queues: [{ Ref: "Jobs0A1B2C3D" }],
        PolicyDocument: { Statement: [{ ...ALLOW, Principal: { Service: "s3.amazonaws.com" } }] },
      },
      "  Jobs (new)\n    + s3.amazonaws.com may call a:Do on it.\n",
    ],
    [
      "AWS::KMS::Key",
      { KeyPolicy: { Statement: [{ ...ALLOW, Principal: "*" }] } },
      "  Thing (new)\n    + everybody may call a:Do on it.\n",
    ],
    [
      "AWS::Lambda::Permission",
      { FunctionName: "f", Action: "lambda:InvokeFunction", Principal: "s3.amazonaws.com" },
      "  f (new)\n    + s3.amazonaws.com may call lambda:InvokeFunction on it.\n",
    ],
    [
      "AWS::Events::EventBus",
      {
        Name: "bus",
        Policy: { Statement: [{ ...ALLOW, Principal: { AWS: ["999988887777"] } }] },
      },
      "  bus (new)\n    + account 999988887777 may call a:Do on it.\n",
    ],
    [
      "AWS::Events::EventBusPolicy",
      {
        EventBusName: "bus",
        StatementId: "s",
        Statement: { ...ALLOW, Principal: { AWS: "999988887777" } },
      },
      "  bus (new)\n    + account 999988887777 may call a:Do on it.\n",
    ],
    [
      "AWS::IAM::ManagedPolicy",
      { ManagedPolicyName: "p", PolicyDocument: { Statement: [ALLOW] } },
      "  the policy p (new)\n    + may call a:Do on x.\n",
    ],
    [
      "AWS::IAM::Policy",
      { Roles: ["r"], PolicyDocument: { Statement: [ALLOW] } },
      "  r (new)\n    + may call a:Do on x.\n",
    ],
  ])("A policy of %s is read", (type, properties, expected) => {
    const rights = templateRights(resource(type, properties), PLACE);
    expect(differenceText(rightsDifference([], rights), NARROW)).toContain(expected);
  });

  it.each<readonly [object, string]>([
    [{ StringLike: { k: ["a*", "b"] } }, "k is like a* or b"],
    [{ StringNotEquals: { k: "a" } }, "k is not a"],
    [
      { "ForAllValues:StringLike": { k: "a" }, Null: { k: "false" } },
      "each k is like a, and k is there",
    ],
    [{ "ForAnyValue:StringEquals": { k: "a" } }, "one k is a"],
    [{ ArnEqualsIfExists: { k: "a" } }, "k is a where it is there"],
    [{ Null: { k: "true" } }, "k is absent"],
    [{ IpAddress: { k: "10.0.0.0/8" } }, "k IpAddress 10.0.0.0/8"],
  ])("The condition %j is said in words", (Condition, words) => {
    expect(sentences(role(), role({ ...ALLOW, Condition }))).toEqual([
      `+ may newly call a:Do on x, where ${words}.`,
    ]);
  });

  it("A role that is new has all its rights, and one that goes loses them", () => {
    const text = (before: Template, after: Template) =>
      differenceText(
        rightsDifference(templateRights(before, PLACE), templateRights(after, PLACE)),
        NARROW,
      );
    expect(text({}, role(ALLOW))).toMatch(
      /^ {2}r \(new\)\n {4}\+ can be assumed.*\n {4}\+ may call/m,
    );
    expect(text(role(ALLOW), {})).toMatch(/^ {2}r \(no longer there\)\n/m);
  });

  it("The first of many roles are shown, and the number of the others", () => {
    const many = Array.from({ length: 65 }, (_, at) => roleTemplate(`r${at}`, ALLOW));
    const rights = many.flatMap((template) => templateRights(template, PLACE));
    expect(differenceText(rightsDifference([], rights), NARROW)).toContain("… and 5 more; --json");
  });

  it("Nothing is lost: added and kept statements make up the later ones", () => {
    const statements = fc.array(
      fc.record({
        Effect: fc.constantFrom("Allow", "Deny"),
        Action: fc.subarray(["a:A", "a:B", "a:C"], { minLength: 1 }),
        Resource: fc.subarray(["x", "y"], { minLength: 1 }),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(statements, statements, (one, other) => {
        const [before, after] = [one, other].map((each) => templateRights(role(...each), PLACE));
        const changes = rightsDifference(before ?? [], after ?? []).flatMap((each) => each.changes);
        const key = (right: object) => JSON.stringify(right);
        const gone = changes.filter(({ added }) => !added).map(({ right }) => key(right));
        const added = changes.filter((each) => each.added).map(({ right }) => key(right));
        const kept = (before ?? []).map(key).filter((right) => !gone.includes(right));
        expect([...kept, ...added].toSorted()).toEqual((after ?? []).map(key).toSorted());
        expect(rightsDifference(before ?? [], before ?? [])).toEqual([]);
      }),
    );
  });
});

import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { roleNameOf } from "../../../infra/synth/deployment-names.ts";
import { addPeopleStacks } from "../../../infra/synth/people.ts";
import type { Template as TemplateJson } from "../../../lab/sandbox/template/assembly.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { ACCOUNT, type Broker, broker, REGION } from "../broker.ts";

const CLUSTER = `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/prod`;

/** One person with a role of their own, one rule for policies and one for groups, and Slack. */
const policyOf = (deployment?: string): AccessPolicy =>
  parseAccessPolicy(
    JSON.stringify({
      version: 1,
      ...(deployment === undefined ? {} : { deployment }),
      clusters: { prod: { arn: CLUSTER } },
      people: {
        alice: {
          email: "alice@example.com",
          groups: ["dev"],
          identities: {
            identityCenter: { userId: "906701d9d2-0a1b2c3d-1111-2222-3333-444455556666" },
          },
        },
      },
      slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" },
      rules: [
        { policies: ["AmazonEKSViewPolicy"], scope: "cluster", exactly: true },
        { groups: ["viewers"] },
      ].map((access, at) => ({
        name: `rule-${at}`,
        who: { groups: ["dev"] },
        clusters: ["prod"],
        access,
        duration: { max: "1h" },
        approval: "none",
      })),
    }),
  );

/** Templates of people's roles. */
function peopleTemplates(access: AccessPolicy): readonly TemplateJson[] {
  const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
  return addPeopleStacks(app, access, {}, { account: ACCOUNT, region: REGION }).map(
    (stack) => Template.fromStack(stack).toJSON() as TemplateJson,
  );
}

const FIRST = policyOf();
const SECOND = policyOf("beta");
const deployments = { timelatch: broker(FIRST), beta: broker(SECOND) };
const templates = {
  timelatch: [
    deployments.timelatch.template,
    deployments.timelatch.fuses,
    ...peopleTemplates(FIRST),
  ],
  beta: [deployments.beta.template, deployments.beta.fuses, ...peopleTemplates(SECOND)],
};

/** No name of the resource, or unique in less than a region: a role's inline policies, an API's stages. */
const OTHER_NAMES: readonly string[] = ["MetricName", "PolicyName", "StageName"];

/** Every name that a template itself gives to a resource, with the resource's type. */
const physicalNames = (all: readonly TemplateJson[]): readonly string[] =>
  all.flatMap(({ Resources }) =>
    Object.values(Resources).flatMap(({ Type, Properties = {} }) =>
      Object.entries(Properties)
        .filter(([key, value]) => /Name$/.test(key) && typeof value === "string")
        .filter(([key]) => !OTHER_NAMES.includes(key))
        // An IAM name is unique in any case.
        .map(([, value]) => `${Type} ${String(value).toLowerCase()}`),
    ),
  );

describe("Two deployments in one account and region", () => {
  it("Two deployments share no name of a resource", () => {
    const [first, second] = [physicalNames(templates.timelatch), physicalNames(templates.beta)];
    expect(second).toHaveLength(first.length);
    expect(first.filter((name) => second.includes(name))).toEqual([]);
    expect(second).toEqual(
      expect.arrayContaining([
        "AWS::IAM::Role beta-converge",
        "AWS::IAM::Role beta-fuse",
        "AWS::IAM::Role beta-grantor-groups",
        "AWS::IAM::Role beta-person-alice",
        "AWS::IAM::ManagedPolicy beta-call",
        "AWS::SQS::Queue beta-converge.fifo",
        "AWS::SQS::Queue beta-notify.fifo",
        "AWS::SQS::Queue beta-lost-fuses",
        "AWS::Events::EventBus beta",
        "AWS::Scheduler::ScheduleGroup beta",
      ]),
    );
  });

  it("Each role of a stack has a fixed name, so that trust in other accounts can name it", () => {
    for (const all of Object.values(templates))
      for (const { Resources } of all)
        for (const [id, { Type, Properties }] of Object.entries(Resources))
          if (Type === "AWS::IAM::Role")
            expect([id, Properties?.["RoleName"]]).toEqual([id, expect.any(String)]);
  });

  it("No statement, variable or trust policy of a second deployment names something of the first", () => {
    const texts = JSON.stringify(templates.beta)
      .match(/"(?:[^"\\]|\\.)*"/g)
      ?.filter((text) => /timelatch[-/]|\/timelatch|"timelatch"|"Timelatch"/.test(text));
    // Texts that are the same in every deployment: names of sessions in CloudTrail, and keys of
    // tags.
    const product = /^"(timelatch-\*|aws:(Resource|Request)Tag\/timelatch:managed-by)"$/;
    expect(texts?.filter((text) => !product.test(text))).toEqual([]);
  });

  /** Acts of each role on its own deployment's resources, which it must not take on another's. */
  const attempts = (of: string): Parameters<Broker["decide"]>[] => {
    const arn = (service: string, rest: string) =>
      `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
    const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${of}-${name}`;
    const queue = `${of}-converge.fifo`;
    const entry = arn("eks", `access-entry/prod/role/${ACCOUNT}/x/1`);
    const alice = `arn:aws:iam::${ACCOUNT}:role/${of}/people/${of}-person-alice`;
    const standard = { "eks:accessEntryType": "STANDARD" };
    const tagged = { ...standard, "aws:ResourceTag/timelatch:managed-by": of };
    const create = { ...standard, "aws:RequestTag/timelatch:managed-by": of };
    const pass = { "iam:PassedToService": "scheduler.amazonaws.com" };
    return [
      ["ConvergeFunctionRole", { action: "sqs:SendMessage", resource: arn("sqs", queue) }],
      ["ConvergeFunctionRole", { action: "sts:AssumeRole", resource: role("grantor") }],
      ["ConvergeFunctionRole", { action: "iam:PassRole", resource: role("fuse"), context: pass }],
      [
        "ConvergeFunctionRole",
        { action: "scheduler:CreateSchedule", resource: arn("scheduler", `schedule/${of}/g-1`) },
      ],
      [
        "NotifyFunctionRole",
        { action: "events:PutEvents", resource: arn("events", `event-bus/${of}`) },
      ],
      [
        "SlackFunctionRole",
        {
          action: "ssm:GetParameter",
          resource: arn("ssm", `parameter/${of}/slack/signing-secret`),
        },
      ],
      ["FuseRole", { action: "eks:DeleteAccessEntry", resource: entry, context: tagged }],
      ["GrantorsPolicies", { action: "eks:DeleteAccessEntry", resource: entry, context: tagged }],
      [
        "GrantorsPolicies",
        {
          action: "eks:CreateAccessEntry",
          resource: CLUSTER,
          context: { ...create, "eks:principalArn": alice },
        },
      ],
    ];
  };

  it.each([
    ["timelatch", "beta"],
    ["beta", "timelatch"],
  ] as const)("Roles of %s reach what is its own, and nothing of %s", async (own, other) => {
    for (const [role, question] of attempts(own))
      expect([question.action, await deployments[own].decide(role, question)]).toEqual([
        question.action,
        "Allowed",
      ]);
    for (const [role, question] of attempts(other))
      expect([question.action, await deployments[own].decide(role, question)]).toEqual([
        question.action,
        "ImplicitlyDenied",
      ]);
  });

  it("To a grantor role, an entry of another deployment is a foreign one", async () => {
    const associate = (tag: Readonly<Record<string, string>>, namespaces: readonly string[]) =>
      deployments.beta.decide("GrantorsPolicies", {
        action: "eks:AssociateAccessPolicy",
        resource: `arn:aws:eks:${REGION}:${ACCOUNT}:access-entry/prod/role/${ACCOUNT}/x/1`,
        context: {
          ...tag,
          "eks:accessEntryType": "STANDARD",
          "eks:accessScope": "namespace",
          "eks:namespaces": namespaces,
          "eks:policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
          "eks:principalArn": `arn:aws:iam::${ACCOUNT}:role/beta/people/beta-person-alice`,
        },
      });
    const tag = (value: string) => ({ "aws:ResourceTag/timelatch:managed-by": value });
    // Access that the owner had there is set again, whatever it is.
    await expect(associate(tag("timelatch"), ["kube-system"])).resolves.toBe("Allowed");
    await expect(associate({}, ["kube-system"])).resolves.toBe("Allowed");
    await expect(associate(tag("beta"), ["kube-system"])).resolves.toBe("ImplicitlyDenied");
  });
});

describe("The name of a role", () => {
  it("A name that IAM would refuse is an error at synthesis", () => {
    expect(roleNameOf("timelatch", "converge")).toBe("timelatch-converge");
    expect(() => roleNameOf("timelatch", "x".repeat(60))).toThrow(
      "Nothing was synthesized. Write a shorter deployment",
    );
    expect(() => roleNameOf("time latch", "api")).toThrow("IAM has no role called");
  });
});

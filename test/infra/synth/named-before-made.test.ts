/** Nothing is deployed before what it names: the templates of a whole deployment, and what synthesis refuses. */
import { readFileSync } from "node:fs";
import { App, Stack, type StackProps } from "aws-cdk-lib";
import { CfnEventBus, CfnRule } from "aws-cdk-lib/aws-events";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { describe, expect, it } from "vitest";
import { terraformKind } from "../../../cli/deployment/terraform/terraform-manifest.ts";
import { type NamingStack, namedBeforeMade } from "../../../infra/synth/named-before-made.ts";
import { checkTemplates } from "../../../infra/synth/template-checks.ts";
import { STACK_KINDS } from "../../../shared/domain/values/stack-kinds.ts";
import { assembledStacks, assemblyOf } from "../two-accounts.ts";

const [HUB, SPOKE, REGION] = ["111122223333", "444455556666", "us-west-2"];
const ROLE = `arn:aws:iam::${SPOKE}:role/forward`;
const partition = (rest: string) => ({
  "Fn::Join": ["", ["arn:", { Ref: "AWS::Partition" }, rest]],
});
const resource = (Type: string, Properties: object) => ({
  Resources: { Thing: { Type, Properties: { ...Properties } } },
});
const stackOf = (
  name: string,
  template: NamingStack["template"],
  after: readonly string[] = [],
): NamingStack => ({ name, account: SPOKE, region: REGION, after: new Set(after), template });
const maker = stackOf("Maker", resource("AWS::IAM::Role", { RoleName: "forward" }));
const found = (...stacks: readonly NamingStack[]) =>
  namedBeforeMade(stacks).map(({ says }) => says);

describe("Names in a stack of resources that another one makes", () => {
  it.each<readonly [string, object]>([
    ["a rule's role", { Targets: [{ Arn: "x", Id: "1", RoleArn: ROLE }] }],
    ["it in parts", { Targets: [{ RoleArn: partition(`:iam::${SPOKE}:role/forward`) }] }],
    [
      "it by the stack's own account",
      {
        RoleArn: {
          "Fn::Join": ["", ["arn:aws:iam::", { Ref: "AWS::AccountId" }, ":role/forward"]],
        },
      },
    ],
    [
      "a principal",
      { Document: { Statement: [{ Effect: "Allow", Action: "a", Principal: { AWS: [ROLE] } }] } },
    ],
    ["a role in another partition's words", { RoleArn: ROLE.replace("aws", "aws-cn") }],
  ])("It is a fault to name %s", (_what, properties) => {
    const named = stackOf("Namer", resource("AWS::Events::Rule", properties));
    expect(found(named, maker)).toEqual([
      `Thing of Namer names iam::${SPOKE}:role/forward. Maker makes that, and is not deployed before it, so AWS would refuse it.`,
    ]);
    expect(found({ ...named, after: new Set(["Maker"]) }, maker)).toEqual([]);
  });

  it.each<readonly [string, object]>([
    ["a resource", { Resource: ROLE }],
    ["everything but a resource", { NotResource: ROLE }],
    ["a condition", { Condition: { ArnEquals: { "aws:PrincipalArn": ROLE } } }],
  ])("A statement may have it as %s, which AWS does not look at", (_where, part) => {
    const statement = { Effect: "Allow", Action: "a", ...part };
    const named = stackOf("Namer", resource("AWS::IAM::Role", { P: { Statement: [statement] } }));
    expect(found(named, maker)).toEqual([]);
  });

  it.each([
    [
      "AWS::IAM::ManagedPolicy",
      { ManagedPolicyName: "p", Path: "/x/" },
      `iam::${SPOKE}:policy/x/p`,
    ],
    ["AWS::Events::EventBus", { Name: "b" }, `events:${REGION}:${SPOKE}:event-bus/b`],
    ["AWS::Events::Rule", { Name: "r" }, `events:${REGION}:${SPOKE}:rule/r`],
    ["AWS::SQS::Queue", { QueueName: "q" }, `sqs:${REGION}:${SPOKE}:q`],
    [
      "AWS::Scheduler::ScheduleGroup",
      { Name: "g" },
      `scheduler:${REGION}:${SPOKE}:schedule-group/g`,
    ],
  ])("%s has the ARN of its name", (type, properties, arn) => {
    const named = stackOf("Namer", resource("AWS::X::Y", { Arn: `arn:aws:${arn}` }));
    expect(found(named, stackOf("Maker", resource(type, properties)))).toHaveLength(1);
  });
});

describe("Synthesis", () => {
  /** A rule in one stack, and the bus and the role that it names in another. */
  function app(isOrdered: boolean): App {
    const made = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
    const there = (account: string): StackProps => ({ env: { account, region: REGION } });
    const rules = new Stack(made, "Rules", there(SPOKE));
    const hub = new Stack(made, "Hub", there(HUB));
    new CfnEventBus(hub, "Bus", { name: "trail" });
    new CfnRule(rules, "Rule", {
      eventPattern: { source: ["aws.eks"] },
      targets: [{ id: "1", arn: `arn:aws:events:${REGION}:${HUB}:event-bus/trail` }],
    });
    new CfnRole(rules, "Role", {
      assumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] },
    });
    if (isOrdered) rules.addStackDependency(hub);
    checkTemplates(made, [rules, hub]);
    return made;
  }

  it("It fails where a stack names what a later one makes, and says both", () => {
    expect(() => app(false).synth()).toThrow(
      /Rule of Rules names .*event-bus\/trail\. Hub makes that/,
    );
  });

  it("It passes where the other comes first", () => {
    expect(() => app(true).synth()).not.toThrow();
  });
});

describe("The order of a deployment's stacks", () => {
  const stacks = assembledStacks();

  it("Each kind comes after all kinds that it needs", () => {
    for (const [at, { kind, after }] of STACK_KINDS.entries()) {
      const before = STACK_KINDS.slice(0, at).map((one) => one.kind);
      expect({ kind, missing: after.filter((one) => !before.includes(one)) }).toEqual({
        kind,
        missing: [],
      });
    }
  });

  it("Synthesis takes the stacks of two accounts and two regions: each names what is there before it", () => {
    expect(() => assemblyOf(undefined, checkTemplates)).not.toThrow();
  });

  it("docs/deploy.md has them in that order", () => {
    const rows = readFileSync("docs/deploy.md", "utf8").matchAll(/^\| `(Timelatch\w*)(?=[-`])/gm);
    expect([...new Set([...rows].map(([, kind]) => kind))]).toEqual(
      STACK_KINDS.map(({ kind }) => kind),
    );
  });

  it("The Terraform module has them in that order, each handed what comes before", () => {
    const module = readFileSync("terraform/main.tf", "utf8");
    const calls = [...module.matchAll(/^module "(\w+)" \{\n([\s\S]*?)^\}/gm)];
    // Further regions of an account are of the same kind, and come after it.
    const kinds = ["account", "region", "fuses", "broker", "people", "forward"];
    expect(calls.map(([, name]) => name)).toEqual(kinds);
    const inModule = STACK_KINDS.map(({ kind }) =>
      terraformKind({ name: kind, region: "" }, "timelatch"),
    );
    expect(kinds.filter((kind) => kind !== "region")).toEqual(inModule);
    for (const { kind, after } of STACK_KINDS) {
      const own = terraformKind({ name: kind, region: "" }, "timelatch");
      const [, , body = ""] = calls.find(([, name]) => name === own) ?? [];
      for (const before of after)
        expect([own, body]).toEqual([
          own,
          expect.stringContaining(
            `module.${terraformKind({ name: before, region: "" }, "timelatch")}.deployed`,
          ),
        ]);
    }
  });

  it("docs/deploy.md makes stack sets in that order, and deletes them from its end", () => {
    const page = readFileSync("docs/deploy.md", "utf8");
    const at = (text: string) => {
      expect(page).toContain(text);
      return page.indexOf(text);
    };
    const made = at("create-stack-set --stack-set-name TimelatchAccount-");
    const broker = at("Once the broker is deployed:");
    expect(made).toBeLessThan(broker);
    expect(broker).toBeLessThan(at("create-stack-set --stack-set-name TimelatchForward"));
    expect(page.replace(/\s+/g, " ")).toContain(
      "Delete those of `TimelatchForward` first and the spoke last",
    );
  });

  it("The forwarding rules have one template for all accounts and regions, as one stack set needs", () => {
    const forwarding = stacks.filter(({ name }) => name.startsWith("TimelatchForward-"));
    expect(forwarding).toHaveLength(3);
    expect(new Set(forwarding.map(({ template }) => JSON.stringify(template))).size).toBe(1);
  });

  it("A deployment follows the list", () => {
    const kinds = stacks.map(({ name }) => name.split("-")[0]);
    expect([...new Set(kinds)]).toEqual(STACK_KINDS.map(({ kind }) => kind));
    const numbers = kinds.map((one) => STACK_KINDS.findIndex(({ kind }) => kind === one));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });
});

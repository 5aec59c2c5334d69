import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { peopleAccounts } from "../../../infra/permissions/people-statements.ts";
import {
  addPeopleStacks,
  peopleWithRoles,
  roleQuotaWarnings,
} from "../../../infra/synth/people.ts";
import { assignStacks } from "../../../infra/synth/people-stacks.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import type { StackRecord } from "../../../shared/policy-file/assembly-record.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { broker } from "../broker.ts";

const HUB = "111122223333";
const SPOKE = "444455556666";

/** A policy of these people, a cluster in two accounts, and one who may ask only in the second. */
const policyOf = (people: readonly string[]): AccessPolicy =>
  parseAccessPolicy(
    JSON.stringify({
      version: 1,
      clusters: {
        near: { arn: `arn:aws:eks:us-west-2:${HUB}:cluster/near` },
        far: { arn: `arn:aws:eks:eu-west-1:${SPOKE}:cluster/far` },
      },
      identity: { account: HUB },
      people: Object.fromEntries(
        people.map((name, at) => [
          name,
          {
            email: "a@example.com",
            groups: name === "auditor" ? ["audit"] : name === "farmer" ? ["far"] : ["dev"],
            identities: {
              identityCenter: {
                userId: `906701d9d2-0a1b2c3d-1111-2222-3333-${String(at).padStart(12, "0")}`,
              },
            },
          },
        ]),
      ),
      rules: [
        ["dev", "near"],
        ["far", "far"],
      ].map(([group, cluster]) => ({
        name: cluster,
        who: { groups: [group] },
        clusters: [cluster],
        access: { policies: ["AmazonEKSViewPolicy"], scope: "cluster" },
        duration: { max: "1h" },
        approval: "none",
      })),
    }),
  );

/** Templates of the stacks of personal roles, by name. */
function stacksOf(
  access: AccessPolicy,
  recorded: StackRecord = {},
): Readonly<Record<string, Template>> {
  const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
  const record = assignStacks(recorded, peopleWithRoles(access));
  const stacks = addPeopleStacks(app, access, record, { account: HUB, region: "us-west-2" });
  return Object.fromEntries(stacks.map((stack) => [stack.stackName, Template.fromStack(stack)]));
}

const rolesIn = (template: Template | undefined): readonly string[] =>
  Object.values(template?.findResources("AWS::IAM::Role") ?? {})
    .map(({ Properties }) => Properties.RoleName)
    .sort();

describe("The stacks of personal roles", () => {
  const stacks = stacksOf(policyOf(["alice", "auditor", "farmer"]));

  it("Their templates have no parameters and no rules, so that plain CloudFormation takes them as they are", () => {
    for (const template of Object.values(stacks))
      expect(template.toJSON()).not.toMatchObject({ Parameters: expect.anything() });
  });

  it("In the broker's account everyone has a role, elsewhere only those whom a rule reaches there", () => {
    expect(Object.keys(stacks)).toEqual(["TimelatchPeople-1", `TimelatchPeople-${SPOKE}-1`]);
    expect(rolesIn(stacks["TimelatchPeople-1"])).toEqual([
      "timelatch-person-alice",
      "timelatch-person-auditor",
      "timelatch-person-farmer",
    ]);
    expect(rolesIn(stacks[`TimelatchPeople-${SPOKE}-1`])).toEqual(["timelatch-person-farmer"]);
  });

  const policiesOf = (stack: string, role: string) => {
    const all = Object.values(stacks[stack]?.findResources("AWS::IAM::Role") ?? {});
    const found = all.find(({ Properties }) => Properties.RoleName === `timelatch-person-${role}`);
    expect(found?.["Properties"].Path).toBe("/timelatch/people/");
    expect(found?.["Properties"].Policies).toBeUndefined();
    return found?.["Properties"].ManagedPolicyArns;
  };
  const CALL = `arn:aws:iam::${HUB}:policy/timelatch/timelatch-call`;

  it("A role may find clusters where a rule reaches its person, and call the API in the broker's account", () => {
    expect(policiesOf("TimelatchPeople-1", "alice")).toEqual([CALL, { Ref: "Clusters1" }]);
    expect(policiesOf("TimelatchPeople-1", "auditor")).toEqual([CALL]);
    expect(policiesOf("TimelatchPeople-1", "farmer")).toEqual([CALL]);
    expect(policiesOf(`TimelatchPeople-${SPOKE}-1`, "farmer")).toEqual([{ Ref: "Clusters1" }]);
  });

  it("The managed policy for clusters names those of the file in the account, and one action", () => {
    for (const [stack, arn] of [
      ["TimelatchPeople-1", `arn:aws:eks:us-west-2:${HUB}:cluster/near`],
      [`TimelatchPeople-${SPOKE}-1`, `arn:aws:eks:eu-west-1:${SPOKE}:cluster/far`],
    ] as const)
      expect(
        Object.values(stacks[stack]?.findResources("AWS::IAM::ManagedPolicy") ?? {}).map(
          ({ Properties }) => Properties.PolicyDocument.Statement,
        ),
      ).toEqual([[{ Effect: "Allow", Action: "eks:DescribeCluster", Resource: [arn] }]]);
  });

  it("People who are called a.b and a-b get a role each", () => {
    expect(rolesIn(stacksOf(policyOf(["a.b", "a-b", "a_b"]))["TimelatchPeople-1"])).toHaveLength(3);
  });

  it("The broker's stack makes the policy to call the API, only for its own API", () => {
    const [policy, ...others] = broker()
      .ofType("AWS::IAM::ManagedPolicy")
      .filter(({ logicalId }) => !logicalId.startsWith("GrantorsPoliciesMore"));
    expect(others).toEqual([]);
    expect(policy?.attributes["PolicyArn"]).toBe(CALL);
    expect(policy?.properties.object("PolicyDocument")["Statement"]).toEqual([
      {
        Sid: "CallTheApi",
        Effect: "Allow",
        Action: "execute-api:Invoke",
        Resource: expect.stringMatching(
          new RegExp(`^arn:aws:execute-api:us-west-2:${HUB}:[a-z0-9]+/\\$default/\\*$`),
        ),
      },
    ]);
  });
});

describe("The stack of a person", () => {
  const people = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => `p${String(from + at).padStart(4, "0")}`);
  const sizes = (record: Readonly<Record<string, number>>) =>
    [...Map.groupBy(Object.values(record), (stack) => stack).values()].map(({ length }) => length);

  it("A stack has 400 roles at most", () => {
    expect(sizes(assignStacks({}, people(0, 400)))).toEqual([400]);
    expect(sizes(assignStacks({}, people(0, 401)))).toEqual([400, 1]);
    const stacks = stacksOf(policyOf(people(0, 401)));
    expect(Object.values(stacks).map((one) => rolesIn(one).length)).toEqual([400, 1]);
  });

  it("A newcomer moves nobody, wherever their name sorts, and takes the place of who has left", () => {
    const before = assignStacks({}, people(1, 402));
    const after = assignStacks(before, [...people(2, 402), "p0000"]);
    expect(after).toEqual({ ...before, p0001: 0, p0000: 1 });
    expect(assignStacks(after, [...people(2, 402), "p0000", "aaa"])["aaa"]).toBe(2);
  });

  it("The name of who has left stays on record, and who comes again is a newcomer", () => {
    const left = assignStacks({ alice: 1, bob: 1 }, ["bob"]);
    expect(left).toEqual({ alice: 0, bob: 1 });
    expect(assignStacks(left, ["bob"])).toEqual(left);
    const full = assignStacks(left, people(0, 400));
    expect(assignStacks(full, [...people(0, 400), "alice"])["alice"]).toBe(2);
  });

  it("A renamed person keeps their stack, as they keep their role", () => {
    const policy = policyOf(["alice"]);
    const renamed = { ...policy, people: { alicia: policy.people["alice"] } } as AccessPolicy;
    expect(assignStacks({ alice: 2 }, peopleWithRoles(renamed))).toEqual({ alice: 2 });
    expect(Object.keys(stacksOf(renamed, { alice: 2 }))).toEqual(["TimelatchPeople-2"]);
  });

  it("A name that objects have anyway is a newcomer like any other", () => {
    expect(assignStacks({}, ["constructor", "valueof"])).toEqual({ constructor: 1, valueof: 1 });
  });

  it("Synthesis names the quota of roles where an account comes near it", () => {
    expect(roleQuotaWarnings(policyOf(people(0, 900)))).toEqual([]);
    expect(roleQuotaWarnings(policyOf(people(0, 901)))).toEqual([
      `Account ${HUB} gets 901 personal roles. IAM allows 1000 roles in an account unless its quota is raised: see Service Quotas, "Roles per account".`,
    ]);
  });
});

describe("Accounts with personal roles", () => {
  it("A policy without personal roles has no such stack", () => {
    expect(peopleAccounts({ ...policyOf(["alice"]), identity: undefined } as never)).toEqual([]);
  });
});

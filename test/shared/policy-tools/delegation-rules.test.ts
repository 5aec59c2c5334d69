/** The policy tools' output about delegations. */
import { describe, expect, it } from "vitest";
import { factSentences } from "../../../cli/policy/fact-sentences.ts";
import { aPolicy } from "../../../lab/fakes/builders.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { checkPolicy } from "../../../shared/policy-tools/check-policy.ts";
import { comparePolicies } from "../../../shared/policy-tools/compare/compare-policies.ts";

const base = aPolicy();
const allowing: AccessPolicy = { ...base, delegations: { longestSeconds: 21 * 86_400 } };
const delegable = (policy: AccessPolicy, isDelegable: (name: string) => boolean): AccessPolicy => ({
  ...policy,
  rules: policy.rules.map((rule) => ({ ...rule, delegable: isDelegable(rule.name) })),
});
const found = (policy: AccessPolicy) =>
  checkPolicy(policy)
    .filter(({ code }) => code === "delegation-without-effect")
    .map(({ path, detail }) => `${path.join(".")}: ${detail}`);
const sentences = (before: AccessPolicy, after: AccessPolicy) => {
  const { standing } = comparePolicies(before, after);
  const plain = (text: string) => text;
  return {
    gained: factSentences(standing.gained, "gained", plain),
    lost: factSentences(standing.lost, "lost", plain),
  };
};

const PARTS = `
version: 1
clusters: { prod: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod" } }
people: {}
rules: []
`;

describe("delegations in access.yaml", () => {
  it.each([
    ["", undefined],
    ["delegations: { allowed: false, longest: 1d }", undefined],
    ["delegations: { allowed: true }", { longestSeconds: 21 * 86_400 }],
    ["delegations: { allowed: true, longest: 1h }", { longestSeconds: 3_600 }],
    ["delegations: { allowed: true, longest: 90d }", { longestSeconds: 90 * 86_400 }],
    [
      "delegations: { allowed: true, to: { groups: [sre] } }",
      { longestSeconds: 21 * 86_400, toGroups: ["sre"] },
    ],
  ])("The key as %j means %j", (key, expected) => {
    expect(parseAccessPolicy(`${PARTS}${key}`).delegations).toEqual(expected);
  });

  it.each([
    "{ longest: 1d }",
    "{ allowed: true, longest: 59m }",
    "{ allowed: true, longest: 91d }",
    "true",
    "{ allowed: true, of: [bob] }",
    "{ allowed: true, to: { groups: [] } }",
    "{ allowed: true, to: { people: [bob] } }",
  ])("The key as %j is refused", (text) => {
    expect(() => parseAccessPolicy(`${PARTS}delegations: ${text}`)).toThrow();
  });
});

describe("The check of delegations", () => {
  it("Delegations of rules that need approvals are in order", () => {
    expect(found(allowing)).toEqual([]);
    expect(found(delegable(allowing, (name) => name !== "payments-edit"))).toEqual([]);
  });

  it("A rule that needs no approval has nothing that could not be delegated", () => {
    expect(found(delegable(allowing, (name) => name !== "view-staging"))).toEqual([
      "rules.1.delegable: view-staging needs no approval. So delegable: false keeps nobody from anything.",
    ]);
  });

  it("Delegations where no rule can be delegated are for nobody", () => {
    const nothing = delegable(
      allowing,
      (name) => !["payments-edit", "staging-groups"].includes(name),
    );
    expect(found(nothing)).toEqual([
      "delegations: Nobody approves under a rule that can be delegated. So nobody can delegate.",
    ]);
  });
});

describe("The comparison of delegations", () => {
  it("A policy that allows them gains a sentence for the time and one for the rules", () => {
    const gained = [
      "People may let others approve for them, for 21d at most.",
      "Under payments-edit and staging-groups, somebody may approve for an approver.",
    ];
    expect(sentences(base, allowing)).toEqual({ gained, lost: [] });
    expect(sentences(allowing, base).lost).toEqual([
      "People may no longer let others approve for them for 21d.",
      "Under payments-edit and staging-groups, nobody may approve for an approver any more.",
    ]);
  });

  it("A rule that becomes exempt loses a sentence, and only where delegations are allowed", () => {
    const exempt = (policy: AccessPolicy) => delegable(policy, (name) => name !== "payments-edit");
    expect(sentences(allowing, exempt(allowing))).toEqual({
      gained: [],
      lost: ["Under payments-edit, nobody may approve for an approver any more."],
    });
    expect(sentences(base, exempt(base))).toEqual({ gained: [], lost: [] });
  });
});

describe("Groups of delegates", () => {
  const to = (...toGroups: readonly string[]): AccessPolicy => ({
    ...base,
    delegations: { longestSeconds: 21 * 86_400, toGroups },
  });

  it("A comparison says when they begin to matter, and when no longer", () => {
    expect(sentences(allowing, to("sre", "payments")).gained).toEqual([
      "Only members of sre or payments may decide for others.",
    ]);
    expect(sentences(to("sre"), allowing).lost).toEqual([
      "Not only members of sre may decide for others any more.",
    ]);
  });

  it("The check finds a group that nobody is in", () => {
    const missing = checkPolicy(to("srre")).filter(({ code }) => code === "group-without-people");
    expect(missing).toMatchObject([{ path: ["delegations", "to", "groups", 0] }]);
  });

  it("The check finds a person in no group, who may be no delegate then", () => {
    const { alice } = base.people;
    if (!alice) throw new Error("There is no alice.");
    const people = { ...base.people, mallory: { ...alice, groups: [], principals: [] } };
    const lonely = (policy: AccessPolicy) =>
      checkPolicy({ ...policy, people })
        .filter(({ code }) => code === "person-without-group")
        .map(({ path }) => path.join("."));
    expect(lonely(allowing)).toEqual([]);
    expect(lonely(to("sre"))).toEqual(["people.mallory"]);
  });

  it("The check knows that approvals of what agents ask for can be delegated too", () => {
    const agents = [{ groups: ["payments-leads"], count: 1 }];
    const automatic = (policy: AccessPolicy): AccessPolicy => ({
      ...policy,
      rules: policy.rules.map((rule) => ({ ...rule, approval: [], agents })),
    });
    expect(found(automatic(delegable(allowing, () => false)))).toEqual([
      "delegations: Nobody approves under a rule that can be delegated. So nobody can delegate.",
    ]);
    const { alice } = base.people;
    if (!alice) throw new Error("There is no alice.");
    const people = { ...base.people, mallory: { ...alice, groups: [], principals: [] } };
    const codes = checkPolicy(automatic({ ...allowing, people })).map(({ code }) => code);
    expect(codes).not.toContain("person-without-group");
  });
});

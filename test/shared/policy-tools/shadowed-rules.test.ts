import { describe, expect, it } from "vitest";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { shadowedRules } from "../../../shared/policy-tools/shadowed-rules.ts";

const role = (name: string) => `arn:aws:iam::111122223333:role/people/${name}`;
const ELSEWHERE = "arn:aws:iam::444455556666:role/people/elsewhere";
const person = (name: string, ...groups: readonly string[]) => ({
  [name]: {
    email: `${name}@example.com`,
    groups,
    identities: { iam: [role(name)] },
    principals: groups.includes("two") ? [role(name), ELSEWHERE] : [role(name)],
  },
});
const PLAIN = {
  who: { groups: ["dev"] },
  clusters: ["prod"],
  access: { policies: ["AmazonEKSViewPolicy"], namespaces: ["team-*"] },
  duration: { max: "1h" },
  approval: "none",
};

const OFFICE = { days: ["mon"], from: "08:00", to: "18:00", timezone: "Europe/Berlin" };

/** Details for a file with these rules, called first, second and so on. */
const shadowsOf = (...rules: readonly object[]): readonly string[] =>
  shadowedRules(
    parseAccessPolicy(
      JSON.stringify({
        version: 1,
        clusters: {
          prod: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod" },
          test: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/test" },
        },
        people: {
          ...person("ann", "dev"),
          ...person("ben", "dev", "sre"),
          ...person("cat", "two"),
        },
        rules: rules.map((rule, at) => ({
          ...PLAIN,
          name: ["first", "second", "third"][at],
          ...rule,
        })),
      }),
    ),
  ).map(({ detail }) => detail);

const SECOND = [
  "first is tried first and allows everything that second allows. It decides only where a request names it.",
];
const access = (more: object) => ({ access: { ...PLAIN.access, ...more } });

describe("A rule that is shadowed", () => {
  it.each([
    ["the same", {}, {}],
    ["a name under a pattern", {}, access({ namespaces: ["team-a"] })],
    ["a narrower pattern", {}, access({ namespaces: ["team-a-*"] })],
    ["fewer policies", access({ policies: ["AmazonEKSEditPolicy", "AmazonEKSViewPolicy"] }), {}],
    ["a part of its people", {}, { who: { groups: ["sre"] } }],
    ["fewer clusters", { clusters: ["prod", "test"] }, {}],
    ["less time", { duration: { max: "2h" } }, {}],
    ["more reason", {}, { reason: { minLength: 5, ticket: "^INC" } }],
    ["the same ticket", { reason: { ticket: "^INC" } }, { reason: { ticket: "^INC" } }],
    ["an approval that the first does not need", {}, { approval: [{ groups: ["sre"] }] }],
    ["no approval, where the first needs one", { approval: [{ groups: ["sre"] }] }, {}],
    ["hours, where the first has none", {}, { when: OFFICE }],
    ["the same hours", { when: OFFICE }, { when: OFFICE }],
    ["an emergency", {}, { breakGlass: true }],
    ["the same groups", { access: { groups: ["a", "b"] } }, { access: { groups: ["b"] } }],
  ])("A rule is shadowed by an earlier one that allows it: %s", (_, first, second) => {
    expect(shadowsOf(first, second)).toEqual(SECOND);
  });

  it.each([
    ["another policy", {}, access({ policies: ["AmazonEKSEditPolicy"] })],
    ["a wider pattern", access({ namespaces: ["team-a"] }), {}],
    ["a system namespace", access({ namespaces: ["k*"] }), access({ namespaces: ["kube-system"] })],
    ["the whole cluster", {}, { access: { policies: PLAIN.access.policies, scope: "cluster" } }],
    ["patterns as a whole", {}, access({ wildcards: true })],
    ["other people too", { who: { people: ["ben"] } }, {}],
    ["another cluster too", {}, { clusters: ["prod", "test"] }],
    ["more time", {}, { duration: { max: "2h" } }],
    ["other hours", { when: OFFICE }, { when: { ...OFFICE, to: "17:00" } }],
    ["any hour", { when: OFFICE }, {}],
    ["less reason", { reason: { minLength: 5 } }, {}],
    ["another ticket", { reason: { ticket: "^INC" } }, { reason: { ticket: "^PAY" } }],
    ["nothing for anybody", {}, { who: { groups: ["nobody"] } }],
    [
      "another principal of the same person",
      { who: { groups: ["two"] } },
      { who: { groups: ["two"] }, foreignPrincipals: true },
    ],
    ["an ordinary rule after break-glass", { breakGlass: true }, {}],
  ])("A rule is not shadowed where it allows what the earlier does not: %s", (_, first, second) => {
    expect(shadowsOf(first, second).filter((detail) => detail.includes("second allows"))).toEqual(
      [],
    );
  });

  it("A break-glass rule is shadowed by an ordinary one that comes later in the file", () => {
    expect(shadowsOf({ breakGlass: true }, {})).toEqual([
      "second is tried first and allows everything that first allows. It decides only where a request names it.",
    ]);
  });

  it("Two rules together shadow a third, one for each policy", () => {
    const policies = ["AmazonEKSEditPolicy", "AmazonEKSViewPolicy"];
    expect(
      shadowsOf({}, access({ policies: ["AmazonEKSEditPolicy"] }), access({ policies })),
    ).toEqual([
      "second, first are tried first, and together allow everything that third allows. It decides only where a request names it.",
    ]);
  });

  it("Two rules for one namespace each do not shadow a third for both, since a request may ask for both", () => {
    expect(
      shadowsOf(
        access({ namespaces: ["a"] }),
        access({ namespaces: ["b"] }),
        access({ namespaces: ["a", "b"] }),
      ),
    ).toEqual([]);
  });
});

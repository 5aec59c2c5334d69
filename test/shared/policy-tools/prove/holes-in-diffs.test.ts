/** A change that opens a hole is no silent one: `policy diff` says what it gives to whom. */
import { describe, expect, it } from "vitest";
import { factSentences } from "../../../../cli/policy/fact-sentences.ts";
import { plain } from "../../../../cli/policy/words.ts";
import { checkPolicy } from "../../../../shared/policy-tools/check-policy.ts";
import { comparePolicies } from "../../../../shared/policy-tools/compare/compare-policies.ts";
import { smallPolicy } from "./hole-policy.ts";
import { HOLES } from "./holes.ts";

/** Nobody gets anything by an address. Two people with one are a warning of `policy check`. */
const BY_ADDRESS = ["two names with one e-mail address", "one name among those who take no part"];
const isByAddress = (name: string) => BY_ADDRESS.some((start) => name.startsWith(start));

it("There are sixty kinds of holes at least", () => {
  expect(new Set(HOLES.map(({ name }) => name)).size).toBeGreaterThanOrEqual(60);
});

it.each(HOLES.filter(({ name }) => isByAddress(name)))(
  "policy check warns where $name",
  ({ hole, twin }) => {
    const shared = [hole, twin].flatMap((each) =>
      checkPolicy(smallPolicy(each)).filter(({ code }) => code === "email-shared"),
    );
    expect(shared).toHaveLength(1);
  },
);

it.each(HOLES.filter(({ name }) => !isByAddress(name)))(
  "The policy without the hole differs from the one where $name",
  ({ hole, twin }) => {
    const { lending, terms, standing } = comparePolicies(smallPolicy(twin), smallPolicy(hole));
    const sides = [lending, standing].flatMap(({ gained, lost }) => [...gained, ...lost]);
    expect([...sides, ...terms].length).toBeGreaterThan(0);
  },
);

describe("Whoever decides nowhere under a rule", () => {
  const ROLE = (name: string) => `arn:aws:iam::111122223333:role/people/${name}`;
  /** Approvers decide in Slack, where only dan is known. */
  const policyWith = (eve: readonly string[], more: object) =>
    smallPolicy({
      people: {
        ann: ["dev"],
        bob: ["leads"],
        eve,
        dan: { groups: ["ops"], identities: { iam: [ROLE("dan")], slack: ["T0001/U0001"] } },
      },
      rules: [{ decideIn: ["slack"] }],
      more: { slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" }, ...more },
    });
  const gained = (delegations: object, groups: readonly string[]) =>
    factSentences(
      comparePolicies(policyWith([], delegations), policyWith(groups, delegations)).standing.gained,
      "gained",
      plain,
    );

  it("They gain that they may let somebody else approve, by joining the rule's approvers", () => {
    expect(gained({ delegations: { allowed: true } }, ["leads"])).toEqual([
      "eve may let somebody else approve requests under rule-0.",
    ]);
    expect(gained({}, ["leads"])).toEqual([]);
  });

  it("They gain that they may decide for others, by joining those who may", () => {
    const delegations = { delegations: { allowed: true, to: { groups: ["ops"] } } };
    expect(gained(delegations, ["ops"])).toEqual(["eve may decide for others who let them."]);
  });
});

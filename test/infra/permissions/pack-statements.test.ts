import { describe, expect, it } from "vitest";
import { grantorPolicies } from "../../../infra/permissions/grantor-policies.ts";
import {
  chunksOf,
  fitsIntoRole,
  packStatements,
  sizesOf,
} from "../../../infra/permissions/pack-statements.ts";
import { charactersOf } from "../../../infra/permissions/policy-size.ts";
import { accountNumber, deploymentFile } from "../../../lab/bench/deploy/deployment-file.ts";
import { isTaken } from "../../../lab/bench/deploy.ts";
import type { GrantorStatement } from "../../../shared/domain/grantors/grantor-statement.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";

const ACCOUNT = accountNumber(0);
const names = (count: number) =>
  Array.from({ length: count }, (_, at) => `arn:aws:iam::${ACCOUNT}:role/people/person-${at}`);

const creating = (
  principals: readonly string[],
  resources = ["cluster/prod"],
): GrantorStatement => ({
  Sid: "Create",
  Effect: "Allow",
  Action: ["eks:CreateAccessEntry"],
  Resource: resources,
  Condition: { ArnLike: { "eks:principalArn": principals } },
});
const deny: GrantorStatement = { Sid: "Deny", Effect: "Deny", Action: ["eks:*"], Resource: ["*"] };

const policyWith = (size: Partial<Parameters<typeof deploymentFile>[0]>) =>
  parseAccessPolicy(
    deploymentFile({
      rules: 10,
      people: 50,
      clusters: 5,
      accounts: 1,
      principals: "by ARN",
      ...size,
    }),
  );

describe("packing statements into policies", () => {
  it("statements that fit into the inline policy make no other", () => {
    const packed = packStatements([deny], [creating(names(50))]);
    expect(packed.managed).toEqual([]);
    expect(packed.inline).toEqual([deny, creating(names(50))]);
  });

  it("statements that must always hold are inline, and every name is in exactly one statement", () => {
    const packed = packStatements([deny], [creating(names(600))]);
    expect(packed.inline[0]).toEqual(deny);
    const all = [...packed.inline, ...packed.managed.flat()];
    const named = all.flatMap(
      ({ Condition }) => Condition?.["ArnLike"]?.["eks:principalArn"] ?? [],
    );
    expect(named.toSorted()).toEqual(names(600).toSorted());
    expect(fitsIntoRole(packed)).toBe(true);
    for (const size of sizesOf(packed).managed) expect(size).toBeLessThanOrEqual(6_144);
  });

  it("an id occurs once in the whole role", () => {
    const packed = packStatements([deny], [creating(names(600))]);
    const ids = [...packed.inline, ...packed.managed.flat()].map(({ Sid }) => Sid);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("a list of resources is split where it is the longer one", () => {
    const clusters = names(400).map((name) => name.replace("role", "cluster"));
    const packed = packStatements([], [creating(["p"], clusters)]);
    expect(
      [...packed.inline, ...packed.managed.flat()].flatMap(({ Resource }) => Resource).sort(),
    ).toEqual(clusters.toSorted());
    expect(fitsIntoRole(packed)).toBe(true);
  });

  it("a statement that is too long for every policy does not fit, whatever is split", () => {
    expect(fitsIntoRole(packStatements([], [creating(["x".repeat(10_300)])]))).toBe(false);
    expect(fitsIntoRole(packStatements([deny], [creating(names(3_000))]))).toBe(false);
    const longDeny = { ...deny, Sid: "x".repeat(10_200) };
    expect(fitsIntoRole(packStatements([longDeny], []))).toBe(false);
  });

  it("a value that only deployment knows counts as the longest ARN of a role", () => {
    const ARN = `arn:aws-us-gov:iam::${ACCOUNT}:role/${"x".repeat(64)}`;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a token of the CDK
    expect(charactersOf("${Token[TOKEN.7]}")).toBe(charactersOf(ARN));
  });

  it("lists are cut by characters", () => {
    const chunks = chunksOf(["a".repeat(10), "b".repeat(10), "c"], 27);
    expect(chunks).toEqual([["a".repeat(10), "b".repeat(10)], ["c"]]);
    expect(chunksOf(["a".repeat(50)], 30)).toHaveLength(1);
    expect(chunksOf([], 30)).toEqual([]);
  });
});

describe("the grantor role of a large policy", () => {
  it.each([
    { rules: 1_000, people: 50, clusters: 20, accounts: 1, principals: "personal" },
    { rules: 100, people: 50, clusters: 50, accounts: 1, principals: "personal" },
    { rules: 1_000, people: 50, clusters: 5, accounts: 5, principals: "personal" },
    { rules: 10, people: 500, clusters: 20, accounts: 1, principals: "by ARN" },
    { rules: 1_000, people: 500, clusters: 20, accounts: 1, principals: "by ARN" },
  ] as const)("it fits into one role: %j", (size) => {
    expect(fitsIntoRole(grantorPolicies(policyWith(size), ACCOUNT, names(16)))).toBe(true);
  });

  it("all denies, reads and removals are in its own policy, which nobody detaches", () => {
    const { inline, managed } = grantorPolicies(
      policyWith({ people: 500, clusters: 20 }),
      ACCOUNT,
      [],
    );
    expect(
      inline.some(
        ({ Effect, Action }) => Effect === "Deny" && Action.includes("eks:CreateAccessEntry"),
      ),
    ).toBe(true);
    const added = managed.flat().flatMap(({ Effect, Action }) => [Effect, ...Action]);
    expect(added.length).toBeGreaterThan(0);
    expect(added.filter((each) => /Deny|Describe|List|Delete|Disassociate/.test(each))).toEqual([]);
  });

  it("the closest form that fits is taken", () => {
    const precisionOf = (size: Parameters<typeof policyWith>[0]) =>
      grantorPolicies(policyWith(size), ACCOUNT, []).precision;
    expect(precisionOf({})).toBe("exact");
    expect(precisionOf({ rules: 100, people: 500, clusters: 20 })).toBe("coarse");
  });

  it("a policy that no form makes small enough is refused with the numbers and what to do", () => {
    expect(() => grantorPolicies(policyWith({ people: 1_500, clusters: 20 }), ACCOUNT, [])).toThrow(
      /^The grantor role of account 111122223333 is too large for IAM: \d+ characters inline \(at most 10240\) and 2\d managed policies of up to \d+ characters \(at most 10 of 6144\)\. It names 20 clusters and principals of 1500 people\. Nothing was synthesized\. Give people roles of their own/,
    );
  });
});

it("a size that AWS would refuse fails the figures, by each limit", () => {
  const taken = {
    grantor: { precision: "exact", inline: 10_240, managed: Array(10).fill(6_144) },
    stacks: 1,
    resources: 500,
    template: 1_000_000,
    seconds: 1,
  };
  expect(isTaken(taken)).toBe(true);
  for (const more of [
    { grantor: { ...taken.grantor, inline: 10_241 } },
    { grantor: { ...taken.grantor, managed: Array(11).fill(1) } },
    { grantor: { ...taken.grantor, managed: [6_145] } },
    { resources: 501 },
    { template: 1_000_001 },
  ])
    expect(isTaken({ ...taken, ...more })).toBe(false);
  expect(isTaken({ refused: "too large" })).toBe(false);
});

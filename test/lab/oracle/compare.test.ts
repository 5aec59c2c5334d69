/** Proofs and a solver's answers are compared, in both directions. A stand-in answers for the solver. */
import { describe, expect, it } from "vitest";
import { compareCase } from "../../../lab/oracle/compare.ts";
import type { Case, ClaimWords, RuleWords } from "../../../lab/oracle/file-words.ts";
import { claimFormula } from "../../../lab/oracle/formula.ts";
import { randomCase } from "../../../lab/oracle/random-case.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";

const ACCOUNT = "111122223333";
const person = (name: string, group: string) => ({
  email: `${name}@example.com`,
  groups: [group],
  identities: { iam: [`arn:aws:iam::${ACCOUNT}:role/${name}`] },
  principals: [`arn:aws:iam::${ACCOUNT}:role/${name}`],
});
const rule: RuleWords = {
  name: "rule-0",
  who: { groups: ["dev"] },
  clusters: ["prod"],
  access: { policies: ["AmazonEKSEditPolicy"], scope: "cluster" },
  duration: { max: "1h" },
  approval: [{ groups: ["leads"], count: 1 }],
};
const caseWith = (claim: Partial<ClaimWords>): Case => ({
  file: {
    version: 1,
    clusters: { prod: { arn: `arn:aws:eks:us-west-2:${ACCOUNT}:cluster/prod` } },
    people: { ann: person("ann", "dev"), bob: person("bob", "leads") },
    roles: { admins: ["leads"] },
    rules: [rule],
  },
  claim: { name: "a claim", reach: { cluster: "prod" }, ...claim },
  groups: {},
});

/** Answers as if `fewest` people were needed. */
const solverWhere = (fewest: number) => ({
  async isSatisfiable(lines: readonly string[]) {
    const [, most] = /at-most (\d+)/.exec(lines.at(-1) ?? "") ?? [];
    return Number(most ?? Number.POSITIVE_INFINITY) >= fewest;
  },
  stop: () => undefined,
});

describe("The comparison of a proof with a solver", () => {
  it("A claim that two people break is broken by fewer, says the solver", async () => {
    expect(await compareCase(solverWhere(2), caseWith({}))).toEqual({ fewest: 2 });
    const found = await compareCase(solverWhere(1), caseWith({}));
    expect(found).toEqual({ fewest: 2, disagreement: "fewer than 2 people break it" });
    const nobody = { isSatisfiable: async () => false, stop: () => undefined };
    expect(await compareCase(nobody, caseWith({}))).toEqual({
      fewest: 2,
      disagreement: "2 people do not break it",
    });
  });

  it("A claim that holds is contradicted by a solver that finds people", async () => {
    const claim = caseWith({ people: 1 });
    expect(await compareCase(solverWhere(2), claim)).toMatchObject({ disagreement: undefined });
    expect(await compareCase(solverWhere(1), claim)).toMatchObject({
      disagreement: "holds, but 1 people break it",
    });
  });
});

describe("A random policy", () => {
  it("It is the same for a seed, and most files are sound", () => {
    expect(randomCase(7)).toEqual(randomCase(7));
    expect(randomCase(7)).not.toEqual(randomCase(8));
    const sound = Array.from({ length: 60 }, (_, seed) => randomCase(seed)).filter(({ file }) => {
      try {
        return parseAccessPolicy(JSON.stringify(file)).rules.length > 0;
      } catch {
        return false;
      }
    });
    expect(sound.length).toBeGreaterThan(30);
  });

  it("Each name of its formula is declared once, before it is used", () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const { lines, acting } = claimFormula(randomCase(seed));
      const declared = lines.flatMap((line) => /^\(declare-const (\S+)/.exec(line)?.[1] ?? []);
      expect(new Set(declared).size).toBe(declared.length);
      const used = lines.join(" ").match(/\b(?:acts|asks|lent|fills|principal)-[\w-]+/g) ?? [];
      expect([...used, ...acting].filter((name) => !declared.includes(name))).toEqual([]);
    }
  });
});

import { describe, expect, it } from "vitest";
import { type GivenTerm, severalTerms } from "../../../cli/prompts/several-terms.ts";

const given = (...terms: readonly (readonly [string, unknown])[]) =>
  terms.map(([name, value]) => ({ name, value }) as GivenTerm);

describe("Several things on one command line", () => {
  it("One cluster is one request, in whatever order its options stand", () => {
    expect(severalTerms(given(["policy", "edit"], ["cluster", "prod"]))).toBeUndefined();
    expect(severalTerms([])).toBeUndefined();
  });

  it("What follows a cluster belongs to it, and what is given once is for all", () => {
    const terms = severalTerms(
      given(
        ["cluster", "prod"],
        ["policy", "edit"],
        ["namespace", ["a"]],
        ["namespace", ["b"]],
        ["cluster", "staging"],
        ["policy", "view"],
        ["clusterScope", true],
        ["reason", "INC-1"],
        ["duration", "1h"],
      ),
    );
    const all = { reason: "INC-1", duration: "1h" };
    expect(terms).toEqual([
      { ...all, cluster: "prod", policy: "edit", namespace: ["a", "b"] },
      { ...all, cluster: "staging", policy: "view", clusterScope: true },
    ]);
  });

  it("What stands before the first cluster is for all that have none of their own", () => {
    const terms = severalTerms(
      given(
        ["duration", "1h"],
        ["cluster", "prod"],
        ["rule", "x"],
        ["cluster", "staging"],
        ["rule", "y"],
        ["duration", "2h"],
      ),
    );
    expect(terms).toEqual([
      { cluster: "prod", rule: "x", duration: "1h" },
      { cluster: "staging", rule: "y", duration: "2h" },
    ]);
  });

  it("What is given twice behind clusters is nobody else's", () => {
    const terms = severalTerms(
      given(
        ["cluster", "a"],
        ["duration", "1h"],
        ["cluster", "b"],
        ["duration", "2h"],
        ["cluster", "c"],
      ),
    );
    expect(terms?.map(({ duration }) => duration)).toEqual(["1h", "2h", undefined]);
  });

  it("Access before the first cluster belongs to nothing, and six clusters are too many", () => {
    expect(() =>
      severalTerms(given(["policy", "edit"], ["cluster", "a"], ["cluster", "b"])),
    ).toThrow("name each one before its policy");
    expect(() => severalTerms(given(...Array(6).fill(["cluster", "a"])))).toThrow("at most 5");
  });
});

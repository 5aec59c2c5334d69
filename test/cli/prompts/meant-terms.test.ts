import { describe, expect, it } from "vitest";
import { Failure } from "../../../cli/failures/failure.ts";
import { withMeantTerms } from "../../../cli/prompts/meant-terms.ts";
import { bodyOf, type RequestTerms } from "../../../cli/prompts/request-terms.ts";
import { refusalOf } from "../../../cli/text/preview-text.ts";
import { fakeApi } from "../fake-terminal.ts";
import { LENT, REFUSED } from "../sample-access.ts";

const RIGHT: RequestTerms = {
  cluster: "prod",
  policy: "edit",
  namespace: ["payments-api"],
  reason: "why",
};
const suggested = async (terms: RequestTerms, error: Failure = refusalOf(REFUSED)) => {
  const api = fakeApi(() => LENT);
  const failure = await withMeantTerms(api, bodyOf(terms), error);
  return { first: (failure as Failure).text.next[0], calls: api.calls.length };
};

describe("misspelt terms of a refused request", () => {
  it.each([
    ["a cluster", { ...RIGHT, cluster: "prdo" }, "--cluster prod"],
    ["a policy", { ...RIGHT, policy: "edt" }, "--policy AmazonEKSEditPolicy"],
    ["a rule", { ...RIGHT, rule: "payments-admn" }, "--rule payments-admin"],
    ["a group", { cluster: "staging", group: ["eks-admin"], reason: "why" }, "--group eks-admins"],
    [
      "two of them",
      { ...RIGHT, cluster: "prdo", policy: "edt" },
      "--cluster prod --policy AmazonEKSEditPolicy",
    ],
  ])("The refusal suggests %s that was meant", async (_, terms, words) => {
    expect((await suggested(terms)).first).toBe(`Did you mean ${words}?`);
  });

  it.each([
    ["known names", RIGHT],
    ["names that are far away", { ...RIGHT, cluster: "nope", policy: "nope", rule: "nope" }],
  ])("Nothing is suggested for %s", async (_, terms) => {
    expect((await suggested(terms)).first).toMatch(/^Next: change these options/);
  });

  it("Nothing is read, and the failure stays as it is, unless the request was refused", async () => {
    const text = { what: "Gone.", notDone: "", next: ["Next: wait."] } as const;
    const lost = new Failure("unavailable", "lost", text);
    expect(await suggested({ ...RIGHT, cluster: "prdo" }, lost)).toEqual({
      first: "Next: wait.",
      calls: 0,
    });
  });

  it("A list that cannot be read changes no refusal", async () => {
    const refusal = refusalOf(REFUSED);
    const api = fakeApi(() => {
      throw new Error("no answer");
    });
    expect(await withMeantTerms(api, bodyOf({ ...RIGHT, cluster: "prdo" }), refusal)).toBe(refusal);
  });
});

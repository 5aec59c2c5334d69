import { describe, expect, it } from "vitest";
import { sharedPrincipalWarnings } from "../../../../shared/policy-file/faults/shared-principals.ts";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";

const TEAM = "arn:aws:iam::111122223333:role/people/team";

const person = (name: string, groups: string, principal: string) => `
  ${name}:
    email: ${name}@example.com
    groups: [${groups}]
    identities: { iam: ["arn:aws:iam::111122223333:role/people/${name}"] }
    principals: ["${principal}"]`;
const rule = (name: string, group: string, more = "") => `
  - name: ${name}
    who: { groups: [${group}] }
    clusters: [prod]
    access: { policies: [AmazonEKSViewPolicy], scope: cluster }
    duration: { max: 1h }
    approval: none
    ${more}`;
const warnings = (people: string, rules: string) =>
  sharedPrincipalWarnings(
    parseAccessPolicy(`
version: 1
clusters: { prod: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod" } }
people:${people}
rules:${rules}
`),
  );

describe("Warnings about principals that several people hold", () => {
  const shared = person("ann", "sre", TEAM) + person("ben", "dev", TEAM);

  it("A shared principal that no rule covers is named with its holders, its rules and the way out", () => {
    const rules = rule("view", "sre") + rule("look", "dev") + rule("other", "audit");
    expect(warnings(shared, rules)).toEqual([
      `${TEAM} is a principal of ann, ben. These rules refuse every request for it: view, look. Give each person a role of their own, or write sharedPrincipals: true in a rule; a grant then gives all of them access.`,
    ]);
  });

  it("A rule for one of the holders with sharedPrincipals covers the principal", () => {
    const rules = rule("view", "sre") + rule("shared", "dev", "sharedPrincipals: true");
    expect(warnings(shared, rules)).toEqual([]);
  });

  it("A rule with sharedPrincipals for other people covers nothing", () => {
    const rules = rule("view", "sre") + rule("shared", "audit", "sharedPrincipals: true");
    expect(warnings(shared, rules)).toHaveLength(1);
  });

  it("A principal of one person, and one that no rule is for, cause no warning", () => {
    const own = "arn:aws:iam::111122223333:role/people/ann";
    expect(warnings(person("ann", "sre", own), rule("view", "sre"))).toEqual([]);
    expect(warnings(shared, rule("other", "audit"))).toEqual([]);
  });
});

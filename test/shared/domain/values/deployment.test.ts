import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  LONGEST_PERSON_NAME,
  personalRoleName,
} from "../../../../shared/domain/people/personal-role.ts";
import { grantorRoleNames } from "../../../../shared/domain/values/arn.ts";
import {
  DEFAULT_DEPLOYMENT,
  DEPLOYMENT_FORM,
  isAmbiguousDeployment,
  LONGEST_DEPLOYMENT,
} from "../../../../shared/domain/values/deployment.ts";

/** Names that `access.yaml` may give to a deployment. */
const names = fc
  .stringMatching(/^[a-z]([a-z0-9-]{0,8}|-person)$/)
  .filter((name) => DEPLOYMENT_FORM.test(name) && !isAmbiguousDeployment(name));
const people = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}[a-z0-9]$/);

/** The roles of a deployment in one account. */
const rolesOf = (deployment: string, person: string) => [
  ...Object.values(grantorRoleNames(deployment)),
  ...["api", "converge", "sweep", "notify", "slack", "schedule", "fuse", "forward"].map(
    (part) => `${deployment}-${part}`,
  ),
  personalRoleName(person, deployment),
];

describe("The name of a deployment", () => {
  it("The longest name leaves a personal role room for 47 characters, and the default is as long", () => {
    expect(LONGEST_PERSON_NAME).toBe(47);
    const longest = personalRoleName("x".repeat(47), "x".repeat(LONGEST_DEPLOYMENT));
    expect(longest).toHaveLength(64);
    expect(DEFAULT_DEPLOYMENT).toHaveLength(LONGEST_DEPLOYMENT);
  });

  it("No role of one deployment has the name of another one's, whoever the people are", () => {
    fc.assert(
      fc.property(names, names, people, people, (one, two, alice, bob) => {
        fc.pre(one !== two);
        const others = rolesOf(two, bob);
        expect(rolesOf(one, alice).filter((name) => others.includes(name))).toEqual([]);
      }),
    );
  });

  it("A deployment that ends in -person could take another one's personal role, so it is refused", () => {
    expect(isAmbiguousDeployment("a-person")).toBe(true);
    expect(rolesOf("a-person", "x")).toContain(personalRoleName("api", "a"));
    expect(isAmbiguousDeployment("a-persons")).toBe(false);
  });

  it.each(["timelatch", "a", "a-1", "prod2"])("%s is a name", (name) => {
    expect(DEPLOYMENT_FORM.test(name)).toBe(true);
  });

  it.each(["", "1a", "-a", "a-", "a--b", "A", "a_b", "a.b", "a b", "ä"])(
    "%j is no name",
    (name) => {
      expect(DEPLOYMENT_FORM.test(name)).toBe(false);
    },
  );
});

import { describe, expect, it } from "vitest";
import { proofOf, smallPolicy } from "./hole-policy.ts";
import { HOLES } from "./holes.ts";

describe("A claim about a policy", () => {
  it.each(HOLES)(
    "It fails where $name, and holds for the near twin",
    ({ claim, groups, hole, twin }) => {
      expect(proofOf(smallPolicy(hole), claim, groups).breach).toBeDefined();
      expect(proofOf(smallPolicy(twin), claim, groups).breach).toBeUndefined();
    },
  );

  it("It names what the policy does not have, and the nearest of it", () => {
    const policy = smallPolicy({ people: { ann: ["dev"], bob: ["leads"] }, rules: [{}] });
    const claim = {
      reach: { cluster: "prd" },
      who: { people: ["ana"], groups: ["leds"] },
      except: [{ rule: "rule-9" }],
    };
    expect(() => proofOf(policy, claim)).toThrow(
      "The policy has no cluster prd. Did you mean prod? The policy has no person ana. Did you mean ann? The policy has no group leds. Did you mean leads? The policy has no rule rule-9. Did you mean rule-0?",
    );
  });

  it("An exception that excuses nothing is named, and one that does is not", () => {
    const policy = smallPolicy({
      people: { ann: ["dev"], bob: ["leads"] },
      rules: [{ approval: "none" }, {}],
    });
    const claim = {
      reach: { cluster: "prod", policy: "AmazonEKSEditPolicy" },
      people: 1,
      except: [{ rule: "rule-0" }, { rule: "rule-1" }],
    };
    expect(proofOf(policy, claim)).toMatchObject({ breach: undefined, idle: [{ rule: "rule-1" }] });
  });

  it("A claim of what no rule lends anybody says nothing, and one that people keep does", () => {
    const policy = smallPolicy({ people: { ann: ["dev"], bob: ["leads"] }, rules: [{}] });
    const reach = { cluster: "test" };
    expect(proofOf(policy, { reach }).isEmpty).toBe(true);
    expect(proofOf(policy, { reach: { cluster: "prod" }, people: 1 }).isEmpty).toBe(false);
  });
});

/** Everyone who can end up with some access, against a claim about each person by themselves. */
import { describe, expect, it } from "vitest";
import { endingUpWith } from "../../../../shared/policy-tools/prove/prove-claim.ts";
import { whoReaches } from "../../../../shared/policy-tools/prove/who-reaches.ts";
import { EDIT } from "./hole.ts";
import { proofOf, type SmallPolicy, smallPolicy } from "./hole-policy.ts";
import { HOLES } from "./holes.ts";

const REACHES = [
  { cluster: "prod", policies: ["AmazonEKSEditPolicy"], namespaces: [], isDirect: false },
  { cluster: "prod", policies: ["AmazonEKSClusterAdminPolicy"], namespaces: [], isDirect: false },
  {
    cluster: "prod",
    policies: ["AmazonEKSClusterAdminPolicy"],
    namespaces: ["payments-*"],
    isDirect: false,
  },
  { cluster: "prod", policies: [], namespaces: ["payments-*", "kube-system"], isDirect: false },
] as const;

function fewestByProof(small: SmallPolicy, name: string, reach: (typeof REACHES)[number]) {
  const { cluster, policies, namespaces } = reach;
  const lists = Object.entries({ policies, namespaces }).filter(([, list]) => list.length > 0);
  const claim = { reach: { cluster, ...Object.fromEntries(lists) }, who: { people: [name] } };
  const { breach } = proofOf(smallPolicy(small), claim);
  return breach?.kind === "reach" ? breach.fewest.people.length : undefined;
}

describe("The people who can end up with some access", () => {
  it.each(HOLES)(
    "Each needs as many as a claim about them takes, where $name",
    ({ hole, twin }) => {
      for (const small of [hole, twin])
        for (const reach of REACHES) {
          const policy = smallPolicy(small);
          const found = whoReaches(policy, reach, {});
          const people = Object.keys(policy.people);
          const counted = new Map(
            found.map(({ person, fewest }) => [person, fewest.people.length]),
          );
          expect(people.map((name) => counted.get(name))).toEqual(
            people.map((name) => fewestByProof(small, name, reach)),
          );
          for (const { person, fewest, reaching } of found) {
            expect(fewest.acts.map(({ wanted }) => wanted)).toEqual(reaching.ways);
            for (const { principal } of reaching.ways)
              expect(endingUpWith(policy, principal).map(({ name }) => name)).toContain(person);
          }
        }
    },
  );

  it("Two who are alike each ask for themselves", () => {
    const policy = smallPolicy({
      people: { ann: ["dev"], amy: ["dev"], bob: ["leads"] },
      rules: [{}],
    });
    const { cluster, policy: edit } = EDIT.reach;
    const reach = { cluster, policies: [edit], namespaces: [], isDirect: false };
    const found = whoReaches(policy, reach, {});
    expect(found.map(({ person, fewest }) => [person, fewest.people])).toEqual([
      ["amy", ["amy", "bob"]],
      ["ann", ["ann", "bob"]],
    ]);
  });
});

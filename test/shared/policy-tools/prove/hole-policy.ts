/** Small policies in few words, for claims about them. */
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";
import { parsePolicyTests } from "../../../../shared/policy-file/policy-tests/parse-policy-tests.ts";
import { compileClaim, unknownNames } from "../../../../shared/policy-tools/prove/compile-claim.ts";
import { type Proof, proveClaim } from "../../../../shared/policy-tools/prove/prove-claim.ts";

const roleOf = (name: string) => `arn:aws:iam::111122223333:role/people/${name}`;

interface SmallPerson {
  readonly groups?: readonly string[];
  readonly email?: string;
  readonly principals?: readonly string[];
  readonly identities?: object;
}

export interface SmallPolicy {
  /** Groups of each person, or more of them. */
  readonly people: Readonly<Record<string, readonly string[] | SmallPerson>>;
  /** Each with what is unusual: one person of `dev` lends Edit on prod with one of `leads` by default. */
  readonly rules: readonly object[];
  readonly more?: object;
}

export const smallPolicy = (small: SmallPolicy): AccessPolicy =>
  parseAccessPolicy(JSON.stringify(smallFile(small)));

/** The whole `access.yaml` of a small policy. */
export function smallFile({ people, rules, more = {} }: SmallPolicy) {
  const personOf = (name: string, given: readonly string[] | SmallPerson) => {
    const { groups, ...others } =
      "groups" in given || !Array.isArray(given) ? (given as SmallPerson) : { groups: given };
    return {
      email: `${name}@example.com`,
      groups,
      identities: { iam: [roleOf(name)] },
      principals: [roleOf(name)],
      ...others,
    };
  };
  return {
    version: 1,
    clusters: {
      prod: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod" },
      test: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/test" },
    },
    people: Object.fromEntries(
      Object.entries(people).map(([name, given]) => [name, personOf(name, given)]),
    ),
    rules: rules.map((rule, at) => ({
      name: `rule-${at}`,
      who: { groups: ["dev"] },
      clusters: ["prod"],
      access: { policies: ["AmazonEKSEditPolicy"], scope: "cluster" },
      duration: { max: "1h" },
      approval: [{ groups: ["leads"], count: 1 }],
      ...rule,
    })),
    ...more,
  };
}

/** @param claim as `access.test.yaml` writes it, without its name @throws where it names what the policy lacks */
export function proofOf(
  policy: AccessPolicy,
  claim: object,
  groups?: Readonly<Record<string, string>>,
): Proof {
  const never = [{ name: "a claim", ...claim }];
  const tests = parsePolicyTests(
    JSON.stringify({ version: 1, never, ...(groups ? { groups } : {}) }),
  );
  const [located] = tests.claims;
  if (!located) throw new Error("The file has no claim.");
  const unknown = unknownNames(policy, located.claim);
  if (unknown.length > 0) throw new Error(unknown.map(({ detail }) => detail).join(" "));
  return proveClaim(policy, compileClaim(located.claim), tests.groups);
}

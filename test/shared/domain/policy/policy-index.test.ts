import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import {
  type AccessPolicy,
  type Member,
  memberOf,
  type Person,
  type Rule,
} from "../../../../shared/domain/policy/policy.ts";
import {
  claimantsOf,
  holdersOf,
  peopleInGroups,
  ruleNamed,
  rulesFor,
} from "../../../../shared/domain/policy/policy-index.ts";

/** Few of each, so that they collide. Some are names of JavaScript's built-ins. */
const NAMES = ["alice", "bob", "constructor", "__proto__"];
const GROUPS = ["payments", "sre", "constructor"];
const ACCOUNTS = ["111122223333", "999999999999"];
const ROLES = ["alice", "bob", "AWSReservedSSO_Dev_0123456789abcdef"];
const SESSIONS = ["laptop", "alice"];

const oneOf = <T>(items: readonly T[]) => fc.constantFrom(...items);
const someOf = <T>(items: readonly T[]) => fc.array(oneOf(items), { maxLength: 3 });
const roleArn = fc
  .tuple(oneOf(ACCOUNTS), oneOf(["", "people/"]), oneOf(ROLES))
  .map(([account, path, name]) => `arn:aws:iam::${account}:role/${path}${name}`);
const sessionArn = fc
  .tuple(oneOf(ACCOUNTS), oneOf(ROLES), oneOf(SESSIONS))
  .map(([account, role, session]) => `arn:aws:sts::${account}:assumed-role/${role}/${session}`);
const userArn = oneOf(NAMES).map((name) => `arn:aws:iam::111122223333:user/${name}`);
const anyArn = fc.oneof(roleArn, sessionArn, userArn);

const person: fc.Arbitrary<Person> = fc.record({
  email: fc.constant("a@example.com"),
  groups: someOf(GROUPS),
  identities: fc.record({
    iam: fc.array(anyArn, { maxLength: 3 }),
    slack: fc.constant([]),
  }),
  principals: fc.array(roleArn, { maxLength: 2 }),
});
const base = aPolicy();
const [sample] = base.rules;
const rule = fc
  .record({ name: oneOf(["a", "b", "c"]), people: someOf(NAMES), groups: someOf(GROUPS) })
  .map(
    ({ name, people, groups }): Rule => ({ ...(sample as Rule), name, who: { people, groups } }),
  );
const anyPolicy = fc
  .record({
    people: fc.uniqueArray(fc.tuple(oneOf(NAMES), person), { selector: ([name]) => name }),
    rules: fc.array(rule, { maxLength: 5 }),
  })
  .map(
    ({ people, rules }): AccessPolicy => ({
      ...base,
      people: Object.fromEntries(people),
      rules,
    }),
  );

/** The same definitions, computed from the policy directly. */
const naive = {
  holders: ({ people }: AccessPolicy, arn: string) =>
    Object.keys(people).filter((name) => people[name]?.principals.includes(arn)),
  members: ({ people }: AccessPolicy, groups: readonly string[]) =>
    Object.keys(people)
      .filter((name) => people[name]?.groups.some((group) => groups.includes(group)))
      .sort(),
  claimants: ({ people }: AccessPolicy, caller: string) =>
    Object.keys(people).filter((name) =>
      people[name]?.identities.iam.some((identity) => naive.isClaimed(identity, caller)),
    ),
  isClaimed(identity: string, caller: string) {
    if (identity === caller) return true;
    const [, , identityService, , identityAccount, role = ""] = identity.split(":");
    const [, , callerService, , callerAccount, assumed = ""] = caller.split(":");
    return (
      identityService === "iam" &&
      callerService === "sts" &&
      identityAccount === callerAccount &&
      role.startsWith("role/") &&
      role.split("/").at(-1) === assumed.split("/")[1] &&
      !role.includes("/AWSReservedSSO_")
    );
  },
  rules: ({ rules }: AccessPolicy, { name, groups }: Pick<Member, "name" | "groups">) =>
    rules.filter(
      ({ who }) => who.people.includes(name) || who.groups.some((group) => groups.includes(group)),
    ),
};

describe("The index of a policy", () => {
  it("The index agrees with the policy about who holds a principal", () => {
    fc.assert(
      fc.property(anyPolicy, roleArn, (policy, arn) => {
        expect(holdersOf(policy, arn)).toEqual(naive.holders(policy, arn));
      }),
    );
  });

  it("The index agrees with the policy about who is in any of several groups", () => {
    fc.assert(
      fc.property(anyPolicy, someOf(GROUPS), (policy, groups) => {
        expect(peopleInGroups(policy, groups)).toEqual(naive.members(policy, groups));
      }),
    );
  });

  it("The index agrees with the policy about who has the identity of a caller", () => {
    fc.assert(
      fc.property(anyPolicy, anyArn, (policy, caller) => {
        const found = claimantsOf(policy, caller).toSorted();
        expect(found).toEqual(naive.claimants(policy, caller).toSorted());
      }),
    );
  });

  it("The index agrees with the policy about a person's rules, in the order of the file", () => {
    fc.assert(
      fc.property(anyPolicy, oneOf(NAMES), someOf(GROUPS), (policy, name, groups) => {
        const member = memberOf(policy, name) ?? { name, groups };
        expect(rulesFor(policy, member)).toEqual(naive.rules(policy, member));
      }),
    );
  });

  it("The index returns the first rule of a name", () => {
    fc.assert(
      fc.property(anyPolicy, oneOf(["a", "b", "constructor"]), (policy, name) => {
        const [first] = policy.rules.filter((each) => each.name === name);
        expect(ruleNamed(policy, name)).toBe(first);
      }),
    );
  });
});

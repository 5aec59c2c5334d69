import type { AccessPolicy, Rule } from "../../shared/domain/policy/policy.ts";
import type { Requirement } from "../../shared/domain/requests/request.ts";
import { ALICE, BOB } from "./builders.ts";
import { oneOf, policyAsking } from "./policy-asking.ts";

export const DAY = 86_400;

/**
 * The sample policy, where people may delegate for three weeks. Bob and bella are payments-leads,
 * carol and cyril are in sre, and erin and frank may approve nothing.
 */
export function policyDelegating(
  approval: readonly Requirement[] = [oneOf("payments-leads")],
  over: Partial<Rule> = {},
  principals: Readonly<Record<string, readonly string[]>> = {},
): AccessPolicy {
  const policy = policyAsking(...approval);
  const person = (name: string, ...groups: readonly string[]) => ({
    [name]: {
      email: `${name}@example.com`,
      groups,
      identities: { iam: [], slack: [] },
      principals: principals[name] ?? [],
    },
  });
  const { bob, carol, alice, ...others } = policy.people;
  return {
    ...policy,
    people: {
      ...others,
      ...person("erin"),
      ...person("frank"),
      ...person("bella", "payments-leads"),
      ...person("cyril", "sre"),
      ...(bob ? { bob: { ...bob, principals: principals["bob"] ?? [BOB] } } : {}),
      ...(carol ? { carol } : {}),
      ...(alice ? { alice: { ...alice, principals: principals["alice"] ?? [ALICE] } } : {}),
    },
    delegations: { longestSeconds: 21 * DAY },
    rules: policy.rules.map((rule, at) => (at === 0 ? { ...rule, ...over } : rule)),
  };
}

/** The policy, in which a person is in other groups. */
export function withGroups(
  policy: AccessPolicy,
  name: string,
  ...groups: readonly string[]
): AccessPolicy {
  const person = policy.people[name];
  if (!person) throw new Error(`There is no ${name}.`);
  return { ...policy, people: { ...policy.people, [name]: { ...person, groups } } };
}

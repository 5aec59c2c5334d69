import type { Access } from "../../shared/domain/requests/request.ts";
import { ALICE, aPolicy, policyWith } from "./builders.ts";
import { edit, memoryBroker, view } from "./memory-broker.ts";
import type { MemoryBrokerOptions } from "./memory-broker-parts.ts";

/** Requesters who hold alice's principal too, so that all their grants are on one entry. */
const SHARERS = ["dora", "erin", "finn"] as const;

/** The policy of tests, with people who share alice's principal. */
function sharedPrincipal(policies?: readonly string[]) {
  const policy = policyWith({ sharedPrincipals: true }, lending(policies));
  const sharer = (name: string) => ({
    email: `${name}@example.com`,
    groups: ["payments"],
    identities: { iam: [`arn:aws:iam::111122223333:role/people/${name}`], slack: [] },
    principals: [ALICE],
  });
  const people = Object.fromEntries(SHARERS.map((name) => [name, sharer(name)]));
  return { ...policy, people: { ...policy.people, ...people } };
}

/** Namespaces with the longest names that Kubernetes allows. No other tag has the same ones. */
export const longNames = (tag: string, count = 50): readonly string[] =>
  Array.from({ length: count }, (_, at) => `payments-${tag}-${at}-`.padEnd(63, "x"));

export const longEdit = (tag: string, count = 50): Access => edit(...longNames(tag, count));
export const longView = (tag: string, count = 50): Access => view(...longNames(tag, count));

/** The policy of tests, whose first rule lends these access policies, where some are named. */
function lending(policies: readonly string[] | undefined) {
  const policy = aPolicy();
  const [first, ...rest] = policy.rules;
  if (!policies || !first || !("policies" in first.access)) return policy;
  return { ...policy, rules: [{ ...first, access: { ...first.access, policies } }, ...rest] };
}

/** A broker in which several people may lend to one entry, and nobody asks too often. */
export const sharedEntryBroker = (
  options: MemoryBrokerOptions & { readonly policies?: readonly string[] } = {},
) =>
  memoryBroker({
    policy: sharedPrincipal(options.policies),
    ...options,
    settings: { requestsPerWindow: 1_000, ...options.settings },
  });

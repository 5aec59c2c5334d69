import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { aPolicy } from "./builders.ts";

/** The policy of tests with a second and a third admin beside carol: dora and erin. */
export function withAdmins(policy: AccessPolicy = aPolicy()): AccessPolicy {
  const admin = (name: string) => ({
    email: `${name}@example.com`,
    groups: ["platform"],
    identities: { iam: [`arn:aws:iam::111122223333:role/people/${name}`], slack: [] },
    principals: [],
  });
  return { ...policy, people: { ...policy.people, dora: admin("dora"), erin: admin("erin") } };
}

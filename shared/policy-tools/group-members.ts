import { keptByKey, keptByPolicy } from "../domain/policy/kept.ts";
import type { AccessPolicy } from "../domain/policy/policy.ts";
import { decidersInGroups } from "../domain/policy/policy-index.ts";

/** Everyone in any of the groups who may decide, each once, sorted by name. Many rules name the same groups. */
export const groupMembers = (policy: AccessPolicy, groups: readonly string[]): readonly string[] =>
  membersIn(policy)(groups);

const membersIn = keptByPolicy((policy) =>
  keptByKey(JSON.stringify, (groups: readonly string[]) => decidersInGroups(policy, groups)),
);

/** Whether a principal is among those of a person of the file. */
export const holdsPrincipal = (policy: AccessPolicy, name: string, arn: string): boolean =>
  policy.people[name]?.principals.includes(arn) === true;

import { GROUPS } from "../../domain/entries/access.ts";
import type { PersonAccess } from "../../domain/entries/effective-access.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { accessPolicyName } from "../../domain/values/arn.ts";
import type { PersonAccessAnswer } from "../contract/person-access-answer.ts";

/** With clusters by their names in the policy. */
export function personAccessAnswer(
  { access, unread, ...read }: PersonAccess,
  policy: AccessPolicy,
): PersonAccessAnswer {
  const nameOf = (arn: string): string =>
    Object.entries(policy.clusters).find(([, cluster]) => cluster.arn === arn)?.[0] ?? arn;
  return {
    ...read,
    access: access.map(({ clusterArn, target, ...each }) => ({
      cluster: nameOf(clusterArn),
      policy: target === GROUPS ? null : accessPolicyName(target),
      ...each,
    })),
    unread: unread.map(({ clusterArn, ...each }) => ({ cluster: nameOf(clusterArn), ...each })),
  };
}

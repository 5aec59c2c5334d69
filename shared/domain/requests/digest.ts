import { hashOf } from "../values/canonical-json.ts";
import type { AccessRequest } from "./request.ts";

type Terms = Pick<
  AccessRequest,
  | "id"
  | "requester"
  | "cluster"
  | "principalArn"
  | "access"
  | "durationSeconds"
  | "startsAt"
  | "rule"
  | "reason"
>;

/**
 * What an approver agrees to, as one hash. A decision carries the digest of what was shown; it
 * counts only while what is stored still has the same.
 */
export function digestOf(terms: Terms): string {
  return hashOf({
    id: terms.id,
    requester: terms.requester,
    clusterArn: terms.cluster.arn,
    principalArn: terms.principalArn,
    access: terms.access,
    durationSeconds: terms.durationSeconds,
    startsAt: terms.startsAt,
    rule: terms.rule,
    reason: terms.reason,
  });
}

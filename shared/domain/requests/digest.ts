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
  | "extends"
  | "until"
  | "via"
  | "ticket"
> &
  EscalatedFrom;

interface EscalatedFrom {
  readonly escalatedFrom?: Pick<NonNullable<AccessRequest["escalatedFrom"]>, "digest">;
}

/**
 * The terms that an approver agrees to, as one hash. A decision carries the digest that the
 * approver was shown. It counts only if the stored request still has that digest.
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
    // Extensions have terms of their own; the digest of any other request is what it always was.
    ...(terms.extends === undefined ? {} : { extends: terms.extends }),
    ...(terms.until === undefined ? {} : { until: terms.until }),
    // An approver reads that a program asked, and agrees to that.
    ...(terms.via === undefined ? {} : { via: terms.via }),
    // An approver reads for which ticket it is.
    ...(terms.ticket === undefined ? {} : { ticket: terms.ticket }),
    // A request that became break-glass names its earlier terms.
    ...(terms.escalatedFrom === undefined ? {} : { escalatedFrom: terms.escalatedFrom.digest }),
  });
}

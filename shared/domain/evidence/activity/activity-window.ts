/** The users whose requests are looked for in an audit log, and the time. */
import { type AuditEvent, callsIn } from "../../requests/audit-event.ts";
import type { Access, AccessRequest } from "../../requests/request.ts";
import { latest } from "../../values/instant.ts";

/** A grant that is over, as far as the audit log is asked about it. */
export interface ActivityWindow {
  readonly requestId: string;
  readonly clusterArn: string;
  readonly principalArn: string;
  readonly access: Access;
  /** The time from which the access could exist. ISO 8601 UTC. */
  readonly from: string;
  /** When a read proved that it was gone. ISO 8601 UTC. */
  readonly until: string;
}

/**
 * The window of a grant; undefined for one that is not over, or that never had access.
 *
 * @param history its audit events
 */
export function activityWindow(
  request: AccessRequest,
  history: readonly AuditEvent[],
): ActivityWindow | undefined {
  const { approvedAt, startsAt, effectiveAt, endedAt } = request;
  if (approvedAt === null || endedAt === null) return undefined;
  const isMade = history.flatMap(callsIn).some(({ result }) => result === "ok");
  if (effectiveAt === null && !isMade) return undefined;
  return {
    requestId: request.id,
    clusterArn: request.cluster.arn,
    principalArn: request.principalArn,
    access: request.access,
    from: latest([approvedAt, startsAt ?? approvedAt]) ?? approvedAt,
    until: endedAt,
  };
}

/** The users whose requests are looked for in an audit log, and the time. */
import { type AuditEvent, callsIn } from "../../requests/audit-event.ts";
import type { GrantOnRecord } from "../../requests/grant-on-record.ts";
import type { Access } from "../../requests/request.ts";
import { earliest, latest } from "../../values/instant.ts";
import type { RecordedCall } from "../calls/recorded-call.ts";

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
 * The window of a grant, by its history and by the calls that converge stored; undefined for one that is not over, or
 * that never had access. Others can add events. So the end is the first one that no call of converge is later than, and
 * a call names the entry.
 *
 * @param history its audit events, oldest first
 * @param stored the calls that served it, oldest first
 */
export function activityWindow(
  grant: GrantOnRecord,
  history: readonly AuditEvent[],
  stored: readonly RecordedCall[],
): ActivityWindow | undefined {
  const { approvedAt, startsAt, effectiveAt } = grant;
  const made = stored.filter(isOk);
  const [first, last] = [made[0], made.at(-1)];
  const isMade = first !== undefined || history.flatMap(callsIn).some(isOk);
  if (approvedAt === null || (effectiveAt === null && !isMade)) return undefined;
  const ends = history.flatMap(({ to, at }) => (to === "ended" || to === "failed" ? at : []));
  const end = earliest(ends.filter((at) => !last || at >= last.at)) ?? last?.at;
  if (ends.length === 0 || end === undefined) return undefined;
  const start = latest([approvedAt, startsAt ?? approvedAt]) ?? approvedAt;
  return {
    requestId: grant.id,
    clusterArn: first?.clusterArn ?? grant.cluster.arn,
    principalArn: first?.principalArn ?? grant.principalArn,
    access: grant.access,
    from: first && first.at < start ? first.at : start,
    until: end,
  };
}

const isOk = ({ result }: { readonly result: string }): boolean => result === "ok";

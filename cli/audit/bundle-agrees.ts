/** Whether the request in a bundle is the one of its history. */
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import { digestOf } from "../../shared/domain/requests/digest.ts";
import { canonicalJson } from "../../shared/domain/values/canonical-json.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";

/**
 * What a history says of the request's members. `requirements`, `breakGlass`, `lapsesAt`, `outcome`
 * and the members that only rephrase others stand in no event.
 */
function requestBy(events: readonly AuditEvent[]): Partial<RequestAnswer> {
  const [first] = events;
  const last = events.at(-1);
  if (first?.type !== "request" || last === undefined) return {};
  const { details } = first;
  const enteredAt = (...states: readonly string[]) =>
    events.find(({ from, to }) => from !== to && states.includes(to))?.at ?? null;
  const times = events.flatMap(({ type, details: its }) =>
    type === "approve" && "revokeAt" in its ? [its] : [],
  );
  return {
    id: details.id,
    requester: details.requester,
    cluster: details.cluster.name,
    clusterArn: details.cluster.arn,
    principalArn: details.principalArn,
    access: details.access,
    durationSeconds: details.durationSeconds,
    reason: details.reason,
    rule: details.rule,
    startsAt: details.startsAt,
    digest: digestOf(details),
    state: last.to,
    version: last.seq,
    createdAt: first.at,
    approvals: events.flatMap(approvalOf),
    approvedAt: enteredAt("approved"),
    effectiveAt: enteredAt("active"),
    endedAt: enteredAt("ended", "failed"),
    ...(times.at(-1) === undefined ? {} : { expiresAt: times.at(-1)?.expiresAt ?? null }),
  };
}

const approvalOf = ({ type, details }: AuditEvent): RequestAnswer["approvals"] => {
  if (type !== "approve" || !("person" in details)) return [];
  const { person, at, note } = details;
  return [{ person, at, ...(note === undefined ? {} : { note }) }];
};

/** Names of the request's members that its history contradicts. */
export function contradicted(
  request: Readonly<Record<string, unknown>>,
  events: readonly AuditEvent[],
): readonly string[] {
  return Object.entries(requestBy(events)).flatMap(([name, value]) =>
    canonicalJson(value) === canonicalJson(request[name] ?? null) ? [] : name,
  );
}

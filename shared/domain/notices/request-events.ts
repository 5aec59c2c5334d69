import { type AuditEvent, isAuditEvent } from "../requests/audit-event.ts";
import type { AccessRequest } from "../requests/request.ts";
import type { StepEvent } from "./bus-event.ts";

/**
 * Audit events of a request, each with the request as it stands now. Functions that face people can add items in any
 * form to a history: what is no event is left out, or it would keep back the request's messages.
 *
 * @param history as it was read
 */
export const requestEvents = (
  request: AccessRequest,
  history: readonly unknown[],
): readonly StepEvent[] =>
  history.filter(isAuditEvent).map((event) => ({
    subject: request.id,
    seq: event.seq,
    type: event.type,
    at: event.at,
    detail: requestDetail(request, event),
    ...(request.breakGlass && event.to === "approved" && event.from !== "approved"
      ? { beginsBreakGlass: true as const }
      : {}),
  }));

/**
 * The detail for a receiver: without proof of who decided, or of the end, which is for auditors only. The hash is of
 * all of it, so a receiver that keeps events can tell whether the record was changed later.
 */
function requestDetail(request: AccessRequest, event: AuditEvent) {
  const { seq, type, from, to, actor, at, hash } = event;
  const { proof: _proof, ...details } = event.details as Readonly<Record<string, unknown>>;
  return {
    id: `${request.id}#${seq}`,
    requestId: request.id,
    event: { seq, type, from, to, actor, at, details, hash },
    request: requestSummary(request),
  };
}

/** A receiver's summary of the request, as it stands now. */
export function requestSummary(request: AccessRequest) {
  const { requester, cluster, principalArn, access, durationSeconds, reason, rule } = request;
  const { breakGlass, state, startsAt, expiresAt, outcome, machine, via } = request;
  return {
    requester,
    ...(machine ? { machine } : {}),
    ...(via ? { via } : {}),
    cluster,
    principalArn,
    access,
    durationSeconds,
    reason,
    rule,
    breakGlass,
    state,
    startsAt,
    expiresAt,
    outcome,
  };
}

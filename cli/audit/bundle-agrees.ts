/** Whether the request in a bundle is the one of its history. */
import { type AuditEvent, escalationIn, lessIn } from "../../shared/domain/requests/audit-event.ts";
import { digestOf } from "../../shared/domain/requests/digest.ts";
import { canonicalJson } from "../../shared/domain/values/canonical-json.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { earlierTermsAnswer } from "../../shared/http/contract/earlier-terms-answer.ts";
import { escalatedFromMember } from "../../shared/http/contract/escalated-from-answer.ts";

/**
 * The members of a request as its history says them. `requirements`, `breakGlass`, `lapsesAt`,
 * `outcome` and the members that only rephrase others stand in no event.
 */
function requestBy(events: readonly AuditEvent[]): Partial<RequestAnswer> {
  const [first] = events;
  const last = events.at(-1);
  if (first?.type !== "request" || last === undefined) return {};
  const { details } = first;
  const offers = events.flatMap((event) => lessIn(event) ?? []);
  const glass = events.flatMap((event) => escalationIn(event) ?? []).at(-1);
  const { access } = offers.at(-1) ?? details;
  const { durationSeconds } = glass ?? offers.at(-1) ?? details;
  const { rule, startsAt } = glass ?? details;
  const escalatedFrom = glass?.insteadOf;
  const terms = { access, durationSeconds, rule, startsAt };
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
    ...terms,
    reason: details.reason,
    digest: digestOf({ ...details, ...terms, ...(escalatedFrom ? { escalatedFrom } : {}) }),
    ...escalatedFromMember(escalatedFrom),
    ...(offers.length === 0
      ? {}
      : { earlierTerms: offers.map(({ insteadOf }) => earlierTermsAnswer(insteadOf)) }),
    state: last.to,
    version: last.seq,
    createdAt: first.at,
    approvals: events.flatMap((event) =>
      approvalOf(event, offers.length > 0 || glass !== undefined),
    ),
    approvedAt: enteredAt("approved"),
    effectiveAt: enteredAt("active"),
    endedAt: enteredAt("ended", "failed"),
    ...reviewBy(events),
    ...(times.at(-1) === undefined ? {} : { expiresAt: times.at(-1)?.expiresAt ?? null }),
  };
}

/** The review, which only a break-glass has. */
function reviewBy(events: readonly AuditEvent[]): Partial<RequestAnswer> {
  const opened = events.flatMap((event) =>
    event.type === "approve" && event.details.review ? [event.details.review] : [],
  );
  const closed = events.flatMap((event) =>
    event.type === "review"
      ? [{ person: event.actor, at: event.at, note: event.details.note }]
      : [],
  );
  const last = opened.at(-1);
  return last ? { review: { ...last, closed: closed.at(-1) ?? null } } : {};
}

/** @param isNamed whether approvals name their digest: where the terms changed */
function approvalOf({ type, details }: AuditEvent, isNamed: boolean): RequestAnswer["approvals"] {
  if (type !== "approve" || !("person" in details)) return [];
  const { person, onBehalfOf, at, note, digest } = details;
  const named = isNamed ? { digest } : {};
  const behalf = onBehalfOf ? { onBehalfOf: onBehalfOf.person } : {};
  return [{ person, ...behalf, at, ...(note === undefined ? {} : { note }), ...named }];
}

/** Names of the request's members that its history contradicts. */
export function contradicted(
  request: Readonly<Record<string, unknown>>,
  events: readonly AuditEvent[],
): readonly string[] {
  return Object.entries(requestBy(events)).flatMap(([name, value]) =>
    canonicalJson(value) === canonicalJson(request[name] ?? null) ? [] : name,
  );
}

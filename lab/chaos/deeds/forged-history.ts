/** Forgeries that add audit events: an approval by somebody who gave none, and an event in the next place. */
import { chained } from "../../../shared/domain/requests/audit-chain.ts";
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import {
  itemOfEvent,
  itemOfGrant,
  itemOfState,
  type Write,
} from "../../../test/e2e/table-intruder.ts";
import { about, type Forge, NOTHING, wake } from "./forgery.ts";

/** A grant removes its access ten seconds before its end. */
const MARGIN_SECONDS = 10;

type Draft = Pick<AuditEvent, "type" | "from" | "to" | "actor" | "at" | "details">;

/** An event that continues a history. */
const following = (last: AuditEvent, draft: Draft): AuditEvent =>
  chained({
    schema: 1,
    requestId: last.requestId,
    seq: last.seq + 1,
    policyHash: last.policyHash,
    ...draft,
    previousHash: last.hash,
  } as Parameters<typeof chained>[0]);

const later = (instant: string, seconds: number): string =>
  new Date(Date.parse(instant) + seconds * 1_000).toISOString();

/** The request as if bob had approved it now, and his event. */
function approvedByBob(request: AccessRequest, last: AuditEvent, at: string) {
  const { digest, durationSeconds, version } = request;
  const expiresAt = later(at, durationSeconds);
  const times = { revokeAt: later(expiresAt, -MARGIN_SECONDS), expiresAt };
  const approval = { person: "bob", surface: "api", at, digest, proof: {} } as const;
  const step = { type: "approve", from: "pending", to: "approved", actor: "bob", at } as const;
  const event = following(last, { ...step, details: { ...approval, ...times } });
  const approved: AccessRequest = {
    ...request,
    ...times,
    state: "approved",
    approvedAt: at,
    updatedAt: at,
    version: version + 1,
    lastHash: event.hash,
    approvals: [approval],
  };
  return { approved, event };
}

/** With its event it is what some rule lends, for its time. Without one nothing may begin. */
export const forgedApproval: Forge = ({ random, place, id, sight: { state, events }, now }) => {
  const request = state?.["request"] as AccessRequest | undefined;
  const last = events.at(-1);
  if (request?.state !== "pending" || !last) return NOTHING;
  const { approved, event } = approvedByBob(request, last, now);
  const isWhole = random.chance(0.5);
  const put = [
    itemOfState(approved),
    itemOfGrant(place, id, approved as unknown as Readonly<Record<string, unknown>>),
  ].map((item): Write => ({ kind: "put", item }));
  const added: readonly Write[] = isWhole ? [{ kind: "put-event", item: itemOfEvent(event) }] : [];
  const lends = isWhole ? { lendsSeconds: request.durationSeconds } : {};
  return {
    what: `${id} is approved by bob, ${isWhole ? "with" : "without"} an event`,
    attacks: [about(place, { request: id, ...lends })],
    writes: [...added, ...put, wake(place)],
  };
};

/** States in which an attempt may follow: after any other, the audit shows that somebody forged it. */
const MAY_FOLLOW: ReadonlySet<string> = new Set(["pending", "approved", "active"]);

/** It changes no state, and takes the place of the next step. */
export const plantedEvent: Forge = ({ place, id, sight: { events }, now }) => {
  const last = events.at(-1);
  if (!last || !MAY_FOLLOW.has(last.to)) return NOTHING;
  const details = { tried: "revoke", why: "forbidden", surface: "api", proof: {} } as const;
  const step = { type: "attempt", from: last.to, to: last.to, actor: "bob", at: now } as const;
  return {
    what: `an attempt of bob in the history of ${id}`,
    attacks: [about(place, { request: id })],
    writes: [{ kind: "put-event", item: itemOfEvent(following(last, { ...step, details })) }],
  };
};

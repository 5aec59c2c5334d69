/** Reads requests for people. A request that they may not see is treated as if it did not exist. */

import { type MissingNotice, missingNotices } from "../../domain/notices/missing-notices.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { hasRole } from "../../domain/policy/policy.ts";
import { holdsPrincipal, isAskedAsAny, mayRead } from "../../domain/policy/request-rights.ts";
import { mayClose } from "../../domain/policy/review-rights.ts";
import { type AuditEvent, isAuditEvent } from "../../domain/requests/audit-event.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { ApiPorts, FrontPorts } from "../../ports/function-ports.ts";
import type { ListedPage } from "../../ports/listed-page.ts";
import type { Page, PageQuery } from "../../ports/request-store.ts";
import { delegatorsOf } from "../delegations/held-delegations.ts";
import { listedUntil } from "../listed-until.ts";
import { visibleRequest } from "./change-request.ts";

/** One request. @throws BrokerError `request-not-found` */
export const readRequest = visibleRequest;

/**
 * The messages about a request that could not be delivered, for whoever may read the request.
 * @throws BrokerError `request-not-found`
 */
export async function readMissingNotices(
  ports: FrontPorts & Pick<ApiPorts, "notices">,
  actor: Actor,
  id: string,
): Promise<readonly MissingNotice[]> {
  const { state } = await visibleRequest(ports, actor, id);
  const record = await ports.notices.load(id);
  return record ? missingNotices(record, state === "pending") : [];
}

/**
 * A page of the history of a request, oldest first. Only auditors get the proof of an actor: it names other
 * people's sessions and calls.
 *
 * @throws BrokerError `request-not-found`
 */
export async function readHistory(
  ports: FrontPorts,
  actor: Actor,
  id: string,
  page: PageQuery,
): Promise<Page<AuditEvent>> {
  await visibleRequest(ports, actor, id);
  const { items, ...more } = await ports.requests.historyPage(id, page);
  const events = items.filter(isAuditEvent);
  if (hasRole(ports.policy, actor.member, "auditors")) return { items: events, ...more };
  return { items: events.map(withoutProof), ...more };
}

function withoutProof(event: AuditEvent): AuditEvent {
  const { proof: _, ...details } = event.details as Readonly<Record<string, unknown>>;
  return { ...event, details } as AuditEvent;
}

/** The actor's own requests, newest first. */
export const listOwn = ({ requests }: FrontPorts, { member }: Actor, page: PageQuery) =>
  requests.requestedBy(member.name, page);

/**
 * Pending requests that the actor is asked to decide on, oldest first, without their own and lapsed ones. A second
 * circle is asked when its time comes. A delegate is asked in place of the delegator.
 */
export async function listToApprove(
  ports: FrontPorts,
  { member }: Actor,
  page: PageQuery,
): Promise<Page<AccessRequest>> {
  const { requests, policy, clock } = ports;
  const now = clock.now();
  const delegators = await delegatorsOf(ports, member);
  const groups = [member, ...delegators].flatMap((each) => each.groups);
  return requests.awaiting(
    [...new Set(groups)],
    page,
    (request) =>
      request.requester !== member.name &&
      request.lapsesAt > now &&
      !holdsPrincipal(policy, member, request) &&
      isAskedAsAny(policy, member, delegators, request, now),
  );
}

/** Break-glass whose open review the actor may close, the soonest due first. */
export const listToReview = (
  { requests, policy }: FrontPorts,
  { member }: Actor,
  page: PageQuery,
): Promise<Page<AccessRequest>> =>
  requests.openReviews(page, (request) => mayClose(policy, member, request));

/** Requests whose id begins with a prefix, as far as the actor may see them. */
export async function listByPrefix(
  ports: FrontPorts,
  { member }: Actor,
  prefix: string,
  page: PageQuery,
): Promise<Page<AccessRequest>> {
  const { requests, policy } = ports;
  const delegators = await delegatorsOf(ports, member);
  return await requests.beginningWith(prefix, page, (request) =>
    mayRead(policy, member, request, delegators),
  );
}

/** Grants whose access may exist, as far as the actor may see them. */
export async function listGrants(
  ports: FrontPorts,
  { member }: Actor,
  page: PageQuery,
): Promise<Page<AccessRequest>> {
  const { requests, policy } = ports;
  const delegators = await delegatorsOf(ports, member);
  return await requests.grants(page, (request) => mayRead(policy, member, request, delegators));
}

/** A page of audit events. It is complete up to `to`: no earlier event will follow. */
export interface AuditPage extends ListedPage<AuditEvent> {
  readonly to: string;
}

/**
 * Everyone's audit events, for auditors, up to a minute ago at the latest: see `listedUntil`.
 *
 * @throws BrokerError `forbidden`
 */
export async function listAuditEvents(
  { requests, policy, clock, settings }: FrontPorts,
  { member }: Actor,
  from: string,
  to: string,
  page: PageQuery,
): Promise<AuditPage> {
  if (!hasRole(policy, member, "auditors"))
    throw new BrokerError(
      "forbidden",
      "Only auditors may read everyone's events. Nothing was read; ask an auditor.",
    );
  const end = listedUntil({ clock, settings }, from, to);
  return { ...(await requests.auditBetween(from, end, page)), to: end };
}

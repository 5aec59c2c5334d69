/**
 * Whether a request's audit events bear out what its record claims. Functions that face people can
 * write a record. They can only add events, which are copied and sealed. So no access is lent that
 * the history does not show.
 */
import { hashOf } from "../values/canonical-json.ts";
import { verifyChains } from "./audit-chain.ts";
import type { AuditEvent } from "./audit-event.ts";
import { digestOf } from "./digest.ts";
import { changedTerms } from "./lifecycle.ts";
import type { AccessRequest, State } from "./request.ts";

/** The most events that are read for one request. */
export const MOST_EVENTS = 1_000;

/**
 * - `borne-out`: the chain holds, ends at the record's version, and its terms lead to the record's
 * digest. Each approval is an event, and the last one fixed the record's times.
 * - `over`: an event ended the grant, or shows that it was ending, so the record is an old one, or claims a version that is not its own.
 * - `later`: there is a later event. Somebody stored it since the record was read, or put an old record back.
 * - `false`: anything else.
 */
export type OnRecord = "borne-out" | "over" | "later" | "false";

/** @param events the request's events, oldest first */
export function onRecord(request: AccessRequest, events: readonly AuditEvent[]): OnRecord {
  const shown = events.slice(0, request.version);
  // Also among the events that the record counts: it may claim any version. An item may be no event at all.
  if (events.some((event: Partial<AuditEvent> | undefined) => isEnd(event))) return "over";
  try {
    if (events.length > request.version) return "later";
    const isTrue =
      isWhole(request, shown) && hasTerms(request, shown) && isApproved(request, shown);
    return isTrue ? "borne-out" : "false";
  } catch {
    // Anyone who can add events can give them any form.
    return "false";
  }
}

/**
 * Whether a grant was ending or over after an event, whatever it was before: a record that was forged as ending has
 * no event that says so, and converge stores its end after it.
 */
const isEnd = (event: Partial<AuditEvent> | undefined): boolean =>
  event?.to !== undefined && ENDING.has(event.to);

const ENDING: ReadonlySet<State> = new Set(["ending", "ended", "failed"]);

const isWhole = (
  { id, version, lastHash, state }: AccessRequest,
  shown: readonly AuditEvent[],
): boolean =>
  shown.length === version &&
  shown.at(-1)?.hash === lastHash &&
  // A grant that was active once is not approved again: its record was taken away and put back.
  shown.at(-1)?.to === state &&
  shown.every(({ requestId, seq }, at) => requestId === id && seq === at + 1) &&
  verifyChains(shown).length === 0;

/**
 * Whether the terms that were asked for, and each change of them, lead to the record's terms. No digest holds the earlier
 * ones, and without them nobody would see that an approver cut the time.
 */
function hasTerms(request: AccessRequest, [first, ...later]: readonly AuditEvent[]): boolean {
  if (first?.type !== "request" || first.at !== request.createdAt) return false;
  const { proof: _, ...asked } = first.details;
  const { escalatedFrom, earlierTerms = [], ...rest } = request;
  const before: AccessRequest = {
    ...rest,
    ...asked,
    digest: digestOf(asked),
    breakGlass: escalatedFrom ? false : request.breakGlass,
  };
  let terms = before;
  for (const event of later) terms = { ...terms, ...changedTerms(terms, event) };
  return (
    terms.digest === request.digest && hashOf(terms.earlierTerms ?? []) === hashOf(earlierTerms)
  );
}

/** Whether the policy or people approved as the record says. */
function isApproved(request: AccessRequest, shown: readonly AuditEvent[]): boolean {
  const given = new Set<string>();
  let isFixed = false;
  for (const event of shown) {
    if (event.type !== "approve") continue;
    const { revokeAt, expiresAt, review: _, ...decided } = event.details;
    const { less: _less, ...approval } = "person" in decided ? decided : { less: undefined };
    given.add(hashOf(approval));
    // An earlier release stored the digest in the event, and not in the record.
    if ("digest" in approval) given.add(hashOf({ ...approval, digest: undefined }));
    isFixed ||=
      event.to === "approved" &&
      event.at === request.approvedAt &&
      revokeAt === request.revokeAt &&
      expiresAt === request.expiresAt;
  }
  return isFixed && request.approvals.every((approval) => given.has(hashOf(approval)));
}

/** When an open grant must have begun and ended. */
import { startOf } from "../../../shared/domain/requests/grant-time.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { areEnoughWithout } from "../faults/policy-change.ts";
import { keyOfTicket } from "../ticket-policy.ts";
import { type Facts, millisOf } from "./facts.ts";
import { isWithdrawn, NEVER, type Truth } from "./truth.ts";

/**
 * Whether a removal is repeated: by a sweep, or where no read can delay it. EKS may judge a removal
 * on a stale view and answer that there is nothing to remove.
 */
export const isRepeated = ({ bounds, options: { profile } }: Facts) =>
  profile.sweep || (bounds.lag === 0 && profile.deadConnection === 0);

/**
 * The time by which access that nothing explains must be gone. If no sweep repeats a removal, that
 * is after the sweep has come back.
 */
export function goneBy(facts: Facts, truth: Truth, since: number): number {
  const { bounds, sweptFrom } = facts;
  return isRepeated(facts)
    ? facts.deadline(truth, since, bounds.tight)
    : Math.max(since, sweptFrom, truth.disturbedUntil) + bounds.recovery;
}

/** Whether an open grant is late to begin, or to end. */
export function checkTimes(facts: Facts, truth: Truth, request: AccessRequest): void {
  const { profile, startedAt } = facts.options;
  const { bounds, now } = facts;
  if (!profile.sweep && truth.everDisturbed) return;
  const savedAt = facts.savedAt.get(request.id) ?? startedAt;
  const judged = judgedBy(facts, request);
  if (request.state === "approved" && !isWithdrawn(truth)) {
    const start = millisOf(startOf(request) ?? request.createdAt);
    // The sweep starts what is to start later, or was approved by a clock ahead of converge's.
    const isLater = request.startsAt !== null || profile.skewSeconds > 0;
    const since = Math.max(start, savedAt, judged);
    const isOnTime =
      judged === NEVER && truth.editedAt + bounds.settled < since && !isUnclear(truth, since);
    const bound =
      (isLater ? bounds.tight : bounds.prompt) +
      (isOnTime ? bounds.seen : bounds.settled) +
      waitForNames(facts);
    // Without a sweep, nobody starts it later, and no later run reads again what the first read did not show.
    const isLookedFor =
      profile.sweep || (request.startsAt === null && isOnTime && bounds.lag === 0);
    if (isLookedFor && now > facts.deadline(truth, since, bound))
      facts.broken("starts-in-time", `${request.id} is still approved.`);
  }
  // The sweep starts the run that confirms an end, once a read must show it, and the one that refuses at last.
  const isWaiting =
    facts.begun.has(request.id) ||
    isUnseen(truth, request) ||
    judged > NEVER ||
    truth.editedAt > NEVER ||
    !isRepeated(facts);
  if (!profile.sweep && isWaiting) return;
  // An intruder may store a grant whose time is over.
  const known = facts.forged.has(request.id) ? savedAt : NEVER;
  const over = request.state === "ending" ? savedAt : Math.max(facts.revokeAt(request), known);
  // An entry that others made proves nothing while it is new. The sweep after that starts the run that reads it.
  // A forgotten grant ends once no call of it may land any more.
  const forgottenAt = facts.forgottenAt.get(request.id) ?? NEVER;
  const since = Math.max(over, truth.replacedAt - bounds.tight, forgottenAt + bounds.landing);
  if (now > facts.deadline(truth, since, bounds.final))
    facts.broken("final-in-time", `${request.id} is still ${request.state}.`);
}

/**
 * Whether no run has read the entry since the later start of a grant. Nothing is armed for a grant that has not begun, so
 * only a sweep, or a message about something else, starts the run that begins or refuses it.
 */
const isUnseen = ({ lookedAt }: Truth, { startsAt }: AccessRequest): boolean =>
  startsAt !== null && lookedAt < millisOf(startsAt);

/** How long a grant waits from its start for an answer about its ticket, in milliseconds. */
const TICKET_MS = 900_000;

/**
 * The time until which converge waits with a refusal: the policy under which a request was approved
 * may be on its way to all functions, and no tracker may have been asked about a forged one's ticket.
 */
function judgedBy(facts: Facts, request: AccessRequest): number {
  const start = millisOf(startOf(request) ?? request.createdAt);
  const isUnasked = request.ticket !== undefined && facts.forged.has(request.id);
  return Math.max(judgedByPolicy(facts, request), isUnasked ? start + TICKET_MS : NEVER);
}

function judgedByPolicy(facts: Facts, request: AccessRequest): number {
  if (facts.deployments.length === 0) return NEVER;
  const isRefused =
    !facts.isLent(request) ||
    facts.forged.has(request.id) ||
    facts.lostAt.size > 0 ||
    facts.closedTickets.has(keyOfTicket(request.ticket ?? ""));
  const until = isRefused ? Number.POSITIVE_INFINITY : unapprovedUntil(facts, request);
  if (until === NEVER) return NEVER;
  const settled = facts.options.stack.broker.policySkewSeconds * 1_000;
  return Math.min(until, millisOf(request.approvedAt ?? "") + settled);
}

/**
 * The time until which suspended people leave a grant without enough approvals: theirs do not count for what has not
 * begun. NEVER where it has enough without anybody who was suspended.
 */
function unapprovedUntil(facts: Facts, request: AccessRequest): number {
  const { stoppedAt, liftedAt } = facts;
  const people = request.approvals.flatMap(({ person, onBehalfOf }) =>
    onBehalfOf ? [person, onBehalfOf.person] : [person],
  );
  const stopped = people.filter((name) => stoppedAt.has(name));
  if (areEnoughWithout(request, (name) => stopped.includes(name))) return NEVER;
  const untils = stopped.map((name) => {
    const lifted = liftedAt.get(name) ?? NEVER;
    return lifted >= (stoppedAt.get(name) ?? NEVER) ? lifted : Number.POSITIVE_INFINITY;
  });
  return Math.max(...untils);
}

/**
 * How long a start may wait for the names of fuses. Scheduler refuses fuses for good, and runs that were overtaken left
 * as many names as a target may have. Each may still land, so no run asks for another one until then.
 */
const waitForNames = ({ bounds, options: { hardships } }: Facts): number =>
  hardships.has("fusesRefused") ? bounds.landing + bounds.tight : 0;

/** Whether calls of ours on this entry may still be missing from reads. */
const isUnclear = ({ entryDoubtUntil }: Truth, since: number) => entryDoubtUntil > since;

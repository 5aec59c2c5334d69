/** Judges each step of a request. */
import { reaches, scopeCovers } from "../../../shared/domain/entries/scope.ts";
import type { EndProof } from "../../../shared/domain/requests/end-proof.ts";
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { EMPTY } from "../../../shared/domain/values/element-set.ts";
import { keyOfTicket } from "../ticket-policy.ts";
import { inspect } from "./elements.ts";
import { type Facts, millisOf } from "./facts.ts";
import { checkFuse, checkSchedule } from "./fuses.ts";
import { checkRefusal } from "./refusals.ts";
import { EVERYONE, whoGets } from "./stops.ts";
import { isWithdrawn, keyOf, NEVER, type Truth } from "./truth.ts";

export function stepStored(facts: Facts, { request, event, from }: Step): void {
  const { id } = request;
  if (facts.forged.has(id)) return;
  if (request.approvals.some(({ person }) => person === request.requester))
    facts.broken("no-self-approval", `${request.requester} approved their own ${id}.`);
  if (from === "pending" && request.state !== "pending") checkVerdict(facts, id);
  const truth = facts.truthOf(request);
  if (!truth) return;
  if (event.type === "approve" && request.state === "approved") approved(facts, truth, request);
  if (event.type === "expire" && facts.now < facts.revokeAt(request) - facts.bounds.skew)
    facts.broken("not-early", `${id} expired before ${request.revokeAt}.`);
  if (
    event.type === "withdraw" &&
    request.outcome?.code === "ended-early" &&
    !wasEnded(facts, request)
  )
    facts.broken("not-early", `${id} was ended early, and nobody was stopped.`);
  if (
    event.type === "withdraw" &&
    request.outcome?.code === "end-noted" &&
    !facts.isEndNoted(request)
  )
    facts.broken("not-early", `${id} was ended, and nobody noted an end of it.`);
  checkRefusal(facts, { request, event, from });
  if (event.type === "activate") checkStart(facts, truth, request);
  if (event.type === "settle" || event.type === "refuse") checkEnd(facts, truth, request);
  if (request.endProof) checkProof(facts, truth, request, request.endProof);
  if (request.outcome?.code === "too-late" && facts.begun.has(id))
    facts.broken("begun-stays", `${id} failed as too late after its access had begun.`);
  inspect(facts, truth);
}

function checkVerdict(facts: Facts, id: string): void {
  const verdicts = facts.options.tables.events.filter(
    (event) => event.requestId === id && event.from === "pending" && event.to !== "pending",
  );
  if (verdicts.length > 1)
    facts.broken(
      "one-verdict",
      `${id} has two verdicts: ${verdicts.map(({ to }) => to).join(" and ")}.`,
    );
}

/** From now on its access may exist from its start, and must go at its end. */
function approved(facts: Facts, truth: Truth, request: AccessRequest): void {
  const { startsAt, revokeAt } = request;
  truth.touched.add(facts.reachOf(request).target);
  if (revokeAt !== null) facts.ends.set(request.id, revokeAt);
  checkExtension(facts, request);
  for (const moment of [startsAt, revokeAt])
    if (moment !== null)
      facts.options.time.at(millisOf(moment) + 1, () => {
        inspect(facts, truth);
      });
}

function checkExtension(facts: Facts, { id, extends: predecessor, revokeAt }: AccessRequest): void {
  const before = predecessor === undefined ? undefined : facts.ends.get(predecessor);
  if (before !== undefined && (revokeAt ?? "") <= before)
    facts.broken(
      "extension-lengthens",
      `${id} ends at ${revokeAt}, and what it extends at ${before}.`,
    );
}

/** Whether a run may have ended a grant before its time, and lost why. */
const wasEnded = (facts: Facts, request: AccessRequest): boolean =>
  facts.deployments.length > 0 ||
  facts.lostAt.size > 0 ||
  facts.isEndNoted(request) ||
  facts.closedTickets.has(keyOfTicket(request.ticket ?? "")) ||
  [EVERYONE, ...whoGets(request)].some((name) => facts.stoppedAt.has(name));

/** A stale read may show access that others, a late call, or another run removed since. */
function checkStart(facts: Facts, truth: Truth, request: AccessRequest): void {
  const from = (facts.current?.invocation.startedAt ?? 0) - facts.bounds.lag;
  const { target, elements } = facts.reachOf(request);
  const there = facts.actual(truth)?.targets[target] ?? EMPTY;
  checkSchedule(facts, request);
  checkOneGlass(facts, truth, request);
  if (truth.editedAt >= from || truth.lateAt >= from || isWithdrawn(truth)) return;
  if (isTakenByAnotherRun(facts, truth)) return;
  const missing = elements.filter(
    (element) => !scopeCovers(there, [element]) && !truth.ambiguous.has(keyOf(target, element)),
  );
  if (missing.length > 0)
    facts.broken("start-seen", `${request.id} became active without ${missing.join(", ")}.`);
  checkFuse(facts, truth, request, target);
}

/** A person has one break-glass at a time on an entry; an extension continues it. */
function checkOneGlass(facts: Facts, truth: Truth, request: AccessRequest): void {
  const { id, requester, breakGlass, extends: predecessor } = request;
  if (!breakGlass || predecessor !== undefined || facts.isForged) return;
  const other = facts
    .open(truth)
    .find(
      (each) =>
        each.id !== id &&
        each.breakGlass &&
        each.requester === requester &&
        each.state === "active" &&
        facts.now < facts.revokeAt(each) - facts.bounds.skew,
    );
  if (other)
    facts.broken("lent-by-policy", `${id} is a break-glass beside ${other.id} of ${requester}.`);
}

/** If two runs work at once, one may report a state that it read before the other removed it. */
function isTakenByAnotherRun({ current }: Facts, { takenAt, takenBy }: Truth): boolean {
  if (!current) return false;
  const { name, startedAt } = current.invocation;
  return takenBy !== name && takenAt >= startedAt;
}

function checkEnd(facts: Facts, truth: Truth, request: AccessRequest): void {
  const { target, elements } = facts.reachOf(request);
  const there = facts.actual(truth)?.targets[target] ?? EMPTY;
  const left = elements.filter(
    (element) =>
      there.includes(element) &&
      !facts.isExplained(truth, target, element) &&
      !facts.isClaimed(truth, target, element),
  );
  if (left.length > 0)
    facts.broken("end-seen", `${request.id} ended, and ${left.join(", ")} still exists.`);
}

/**
 * The proof is of its read. Elements that somebody changed since, or was changing then, are not
 * compared. A read of an entry that others have just made does not count, so the proof may date
 * from the read before.
 */
function checkProof(facts: Facts, truth: Truth, request: AccessRequest, proof: EndProof): void {
  const { id } = request;
  if (!proof.hadBegun && facts.begun.has(id))
    facts.broken("claims-true", `${id} ended as if nothing had been lent, and it had begun.`);
  if (!proof.hadBegun || proof.readAt === null) return;
  const { unnoticed, lag, skew } = facts.bounds;
  const from = millisOf(proof.readAt) - skew - lag;
  const { target, elements } = facts.reachOf(request);
  const there = facts.actual(truth)?.targets[target] ?? EMPTY;
  const isAtRest = (element: string): boolean => {
    const key = keyOf(target, element);
    const since = proof.stayed.includes(element) ? from + lag - unnoticed : from;
    const theirs = [truth.edits.get(key), truth.editedAt];
    const ours = [truth.doubts.get(key), truth.takenAt];
    return (
      !truth.ambiguous.has(key) &&
      theirs.every((at) => (at ?? 0) < since) &&
      ours.every((at) => (at ?? 0) < from)
    );
  };
  // A run does not see what is stored while it works.
  const others = facts
    .open(truth)
    .filter(
      (each) =>
        each.id !== id && (facts.isLive(each) || (facts.savedAt.get(each.id) ?? NEVER) >= from),
    )
    .map((each) => facts.reachOf(each));
  const isGiven = (element: string): boolean =>
    reaches(there, element) ||
    facts.isExplained(truth, target, element) ||
    others.some((each) => each.target === target && reaches(each.elements, element));
  const wrong = elements.filter((element) => {
    if (!isAtRest(element)) return false;
    return proof.stayed.includes(element) ? !isGiven(element) : reaches(there, element);
  });
  if (wrong.length > 0)
    facts.broken("claims-true", `${id} ended, and its proof is wrong of ${wrong.join(", ")}.`);
}

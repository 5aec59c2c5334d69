/** What must hold of each step of a request, and of when it comes. */

import { scopeCovers } from "../../shared/domain/entries/scope.ts";
import { startOf } from "../../shared/domain/requests/grant-time.ts";
import type { Step } from "../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { EMPTY } from "../../shared/domain/values/element-set.ts";
import { inspect, isRepeated } from "./elements.ts";
import { type Facts, millisOf } from "./facts.ts";
import { checkFuse, checkSchedule } from "./fuses.ts";
import { isWithdrawn, NEVER, type Truth } from "./truth.ts";

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
  if (event.type === "activate") checkStart(facts, truth, request);
  if (event.type === "settle" || event.type === "refuse") checkEnd(facts, truth, request);
  if (request.outcome?.code === "too-late" && facts.begun.has(id))
    facts.broken("begun-stays", `${id} failed as too late after its access had begun.`);
  inspect(facts, truth);
}

function checkVerdict(facts: Facts, id: string): void {
  const verdicts = facts.options.tables.events.filter(
    (event) => event.requestId === id && event.from === "pending" && event.to !== "pending",
  );
  if (verdicts.length > 1)
    facts.broken("one-verdict", `${id} got ${verdicts.map(({ to }) => to).join(" and ")}.`);
}

/** From now on it may be there at its start, and must go at its end. */
function approved(facts: Facts, truth: Truth, request: AccessRequest): void {
  const { startsAt, revokeAt } = request;
  truth.touched.add(facts.reachOf(request).target);
  if (revokeAt !== null) facts.ends.set(request.id, revokeAt);
  for (const moment of [startsAt, revokeAt])
    if (moment !== null)
      facts.options.time.at(millisOf(moment) + 1, () => {
        inspect(facts, truth);
      });
}

/** A stale read may show access that others, or a late call, have taken in the meantime. */
function checkStart(facts: Facts, truth: Truth, request: AccessRequest): void {
  const from = (facts.current?.invocation.startedAt ?? 0) - facts.bounds.lag;
  const { target, elements } = facts.reachOf(request);
  const there = facts.actual(truth)?.targets[target] ?? EMPTY;
  checkSchedule(facts, request);
  if (truth.editedAt >= from || truth.lateAt >= from || isWithdrawn(truth)) return;
  if (!scopeCovers(there, elements))
    facts.broken("start-seen", `${request.id} became active without ${elements.join(", ")}.`);
  checkFuse(facts, truth, request, target);
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
    facts.broken("end-seen", `${request.id} ended with ${left.join(", ")} still there.`);
}

/** Whether an open grant is late to begin, or to end. */
export function checkTimes(facts: Facts, truth: Truth, request: AccessRequest): void {
  const { profile, startedAt } = facts.options;
  const { bounds, now } = facts;
  if (!profile.sweep && truth.everDisturbed) return;
  const savedAt = facts.savedAt.get(request.id) ?? startedAt;
  if (request.state === "approved" && !isWithdrawn(truth)) {
    const start = millisOf(startOf(request) ?? request.createdAt);
    // The sweep starts what is to start later, or was approved by a clock ahead of converge's.
    const isLater = request.startsAt !== null || profile.skewSeconds > 0;
    const since = Math.max(start, savedAt);
    const isOnTime = truth.editedAt + bounds.settled < since && !isUnclear(truth, since);
    const bound =
      (isLater ? bounds.tight : bounds.prompt) + (isOnTime ? bounds.seen : bounds.settled);
    // Without a sweep nobody looks again for what a read did not show at once.
    const isLookedFor = profile.sweep || (isOnTime && bounds.lag === 0);
    if (isLookedFor && now > facts.deadline(truth, since, bound))
      facts.broken("starts-in-time", `${request.id} is still approved.`);
  }
  // It is the sweep that has an end confirmed, once a read must show it.
  const isWaiting = facts.begun.has(request.id) || truth.editedAt > NEVER || !isRepeated(facts);
  if (!profile.sweep && isWaiting) return;
  const over = request.state === "ending" ? savedAt : facts.revokeAt(request);
  if (now > facts.deadline(truth, over, bounds.final))
    facts.broken("final-in-time", `${request.id} is still ${request.state}.`);
}

/** Whether calls of ours on this entry may still be missing from reads. */
const isUnclear = ({ entryDoubtUntil }: Truth, since: number) => entryDoubtUntil > since;

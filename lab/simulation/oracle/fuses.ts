/** Judges fuses: each is armed before access exists, and removes nothing of others. */
import { GROUPS } from "../../../shared/domain/entries/access.ts";
import type { FuseOrder } from "../../../shared/domain/entries/fuse-schedule.ts";
import { covers } from "../../../shared/domain/entries/scope.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { EMPTY } from "../../../shared/domain/values/element-set.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import type { ArmedTimer } from "../../fakes/memory-schedules.ts";
import { bindingAt } from "../sim-policy.ts";
import { type Facts, millisOf } from "./facts.ts";
import { keyOf, NEVER, type Truth } from "./truth.ts";

/** Milliseconds within which a fuse may fire again, as in `schedule-model.ts`. */
const AGAIN_WITHIN = 60_000;

/** Fuses that are armed for a binding. */
export const fusesOf = (
  timers: ReadonlyMap<string, ArmedTimer>,
  { binding }: Truth,
): readonly FuseOrder[] =>
  [...timers.values()].flatMap((timer) =>
    timer.kind === "fuse" && bindingAt(timer.address) === binding ? timer : [],
  );

/** The grant's own schedule was armed. */
export function checkSchedule(facts: Facts, request: AccessRequest): void {
  if (!facts.isArmed(request))
    facts.broken("schedule-first", `${request.id} has access, and no schedule ends it.`);
}

/** Its target's fuse was armed, where one is allowed. */
export function checkFuse(
  facts: Facts,
  truth: Truth,
  request: AccessRequest,
  target: string,
): void {
  if (hasNoFuse(facts, truth, target) || request.expiresAt === null) return;
  const { timers, stack, profile } = facts.options;
  // A grant that has begun may last longer although its fuse could not be armed again.
  if (profile.outages.length > 0 || profile.unansweredLate > 0) return;
  if (UNFUSED.some((hardship) => facts.options.hardships.has(hardship))) return;
  const wanted = plusSeconds(request.expiresAt, stack.broker.fuseDelaySeconds);
  const times = fusesOf(timers, truth).flatMap((fuse) => (fuse.target === target ? fuse.at : []));
  if (!times.some((at) => at >= wanted))
    facts.broken(
      "schedule-first",
      `${request.id} is active, and its fuse is armed for ${times.join(", ")}, not ${wanted}.`,
    );
}

/** Under these, a grant that has begun may last longer than its target's fuse, or lack a fuse. */
const UNFUSED = ["fusesRefused", "stsFails", "regionDown", "timeUsedUp"] as const;

/** Whether a fuse is not allowed, or was deleted by hand. */
function hasNoFuse(facts: Facts, truth: Truth, target: string): boolean {
  const arn = facts.actual(truth)?.accessEntryArn ?? "";
  const isOthersEntry = truth.madeByOthers.has(arn) || truth.usedByOthers.has(arn);
  return (
    isUsedByOthers(facts, truth, target) ||
    (target === GROUPS && isOthersEntry) ||
    [...truth.ambiguous.keys()].some((key) => key.startsWith(`${target} `)) ||
    truth.entryAmbiguous ||
    facts.handsOnSchedules
  );
}

/** No fuse stays armed on what a read showed others to use. */
export function checkFuses(facts: Facts, truth: Truth): void {
  const editedAt = Math.max(truth.editedAt, truth.lateAt);
  const isSeen =
    truth.lookedAt > Math.max(editedAt + facts.bounds.unnoticed, truth.entryDoubtUntil);
  if (!isSeen || truth.ambiguous.size > 0 || truth.entryAmbiguous) return;
  for (const { target } of fusesOf(facts.options.timers, truth))
    if (isUsedByOthers(facts, truth, target))
      facts.broken("fuse-aimed", `A fuse is armed on what others use of ${truth.name}.`);
}

/** Whether others certainly have something there that a fuse would take; the one for groups takes all. */
function isUsedByOthers(facts: Facts, truth: Truth, target: string): boolean {
  const there = facts.actual(truth)?.targets ?? {};
  const reached =
    target === GROUPS ? [...truth.baseline] : [[target, truth.baseline.get(target)] as const];
  if (truth.entryAmbiguous) return false;
  return reached.some(([each, elements]) =>
    (elements ?? EMPTY).some(
      (element) =>
        covers(there[each] ?? EMPTY, element) && !truth.ambiguous.has(keyOf(each, element)),
    ),
  );
}

/** A fuse is about to take a target, or the whole entry. */
export function fuseFires(facts: Facts, truth: Truth, { name, target, at }: FuseOrder): void {
  const { profile } = facts.options;
  const there = facts.actual(truth);
  // Scheduler retries a fuse whose target did not answer for an hour. Nobody can cancel that.
  const isPrompt = facts.now <= millisOf(at) + 60_000 || profile.outages.length === 0;
  // Scheduler delivers some twice. Nobody can cancel the second time, since the schedule is gone.
  const isAgain = facts.now - (truth.firedAt.get(name) ?? NEVER) <= AGAIN_WITHIN;
  truth.firedAt.set(name, facts.now);
  const isKnown = isPrompt && !isAgain;
  // If no later fuse could be armed, the fuse of an earlier grant stays, and may take access early.
  const mayBeEarly = UNFUSED.some((hardship) => facts.options.hardships.has(hardship));
  const isCertain =
    isKnown && !mayBeEarly && !facts.handsOnSchedules && !facts.isDisturbed(truth, facts.now);
  const live = facts
    .open(truth)
    .find(
      (request) =>
        request.state === "active" &&
        facts.reachOf(request).target === target &&
        facts.now < facts.revokeAt(request),
    );
  if (live && isCertain && there?.targets[target])
    facts.broken("fuse-aimed", `A fuse removed ${target} from ${live.id}, which is live.`);
  // While a read may miss our own deletion, converge does not conclude that somebody else owns the entry.
  const isSeen =
    truth.lookedAt > Math.max(truth.editedAt + facts.bounds.unnoticed, truth.entryDoubtUntil);
  if (isUsedByOthers(facts, truth, target) && isKnown && isSeen && there)
    facts.broken("fuse-aimed", `A fuse removed what others use on ${truth.name}.`);
  const taken = target === GROUPS ? Object.keys(there?.targets ?? {}) : [target];
  for (const each of taken) {
    // Until a read shows it, converge may give back to the owner what the fuse took.
    for (const element of truth.baseline.get(each) ?? EMPTY) {
      truth.edits.set(keyOf(each, element), facts.now);
      truth.theirsAt.set(keyOf(each, element), facts.now);
    }
    truth.baseline.set(each, EMPTY);
  }
  truth.editedAt = facts.now;
}

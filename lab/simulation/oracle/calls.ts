/** Judges each change that the broker makes to an entry. */

import type { ActualEntry } from "../../../shared/domain/entries/actual-entry.ts";
import { scopeCovers, scopeRemainder } from "../../../shared/domain/entries/scope.ts";
import type { CallRecord } from "../../../shared/domain/requests/evidence.ts";
import { startOf } from "../../../shared/domain/requests/grant-time.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import {
  type ElementSet,
  EMPTY,
  sameSet,
  unionOf,
} from "../../../shared/domain/values/element-set.ts";
import type { Invocation } from "../invocation.ts";
import { ACCOUNT } from "../sim-policy.ts";
import { doubt, markEntry, markRecentEdits } from "./ambiguity.ts";
import { inspect } from "./elements.ts";
import { type Effect, type Facts, millisOf } from "./facts.ts";
import type { Runs } from "./runs.ts";
import type { StopWatch } from "./stops.ts";
import { isWithdrawn, keyOf, type Truth } from "./truth.ts";

/** The watchers of a change. */
interface Watches {
  readonly facts: Facts;
  readonly runs: Runs;
  readonly stops: StopWatch;
}

/** Notes who made a call, and whether EKS judged a removal by a view that may be behind: then it is made again. */
function noteCall(
  { facts, runs }: Watches,
  { invocation }: { readonly invocation: Invocation },
  call: CallRecord,
): void {
  const { requestId, result, operation } = call;
  // A call that was refused before it reached EKS has no request id of its own.
  if (requestId === null || facts.callers.has(requestId)) return;
  facts.callers.set(requestId, invocation.name);
  if (result === "ResourceNotFoundException" && /^(Disassociate|Delete)/.test(operation))
    runs.missed(invocation);
}

/** A call of the broker's changed an entry, or tried to. */
export function entryChanged(
  oracle: Watches,
  truth: Truth,
  before: ActualEntry | undefined,
  call: CallRecord | undefined,
): void {
  const { facts, runs } = oracle;
  const { current } = facts;
  const after = facts.actual(truth);
  if (!current) return;
  if (call) noteCall(oracle, current, call);
  const { invocation, late } = current;
  if (late) truth.lateAt = facts.now;
  markRecentEdits(facts, truth, invocation, runs.isBlind(invocation));
  doubt(facts, truth, before, after);
  // Nobody can cancel a deletion that was under way when others began to use the entry.
  if (late && !after && truth.editedAt >= invocation.startedAt)
    markEntry(truth, invocation.startedAt);
  checkEntry(facts, truth, before, after);
  const targets = [...Object.keys(before?.targets ?? {}), ...Object.keys(after?.targets ?? {})];
  for (const target of new Set(targets)) {
    const was = before?.targets[target] ?? EMPTY;
    const is = after?.targets[target] ?? EMPTY;
    if (sameSet(was, is)) continue;
    const isAmbiguous = unionOf(was, is).every((each) => truth.ambiguous.has(keyOf(target, each)));
    if (!truth.touched.has(target) && !truth.entryAmbiguous && !isAmbiguous)
      facts.broken(
        "others-keep",
        `${target} of ${truth.name} was changed, and no grant names that target.`,
      );
    if (scopeRemainder(was, is).length > 0) {
      if (isBesideExtension(facts, truth)) facts.options.tally.meets("besideExtension");
      truth.takenAt = facts.now;
      truth.takenBy = invocation.name;
    }
    if (!late && truth.deniedAt < invocation.startedAt)
      checkContinued(oracle, truth, { target, taken: scopeRemainder(was, is) }, invocation);
    // Calls that land late may do so in another order than they were sent.
    if (!late) runs.checkOrder(truth, invocation, target, was, is);
    for (const element of scopeRemainder(is, was))
      checkAddition(oracle, truth, { target, element }, current);
  }
  inspect(facts, truth);
}

/** Whether an extension that has begun goes on. */
const isBesideExtension = (facts: Facts, truth: Truth): boolean =>
  facts
    .open(truth)
    .some(
      (request) =>
        request.extends !== undefined && facts.begun.has(request.id) && facts.isLive(request),
    );

/** An entry that others created stays, and keeps its username. */
function checkEntry(
  facts: Facts,
  truth: Truth,
  before: ActualEntry | undefined,
  after: ActualEntry | undefined,
): void {
  if (truth.entryAmbiguous || !before) return;
  if (!after && truth.madeByOthers.has(before.accessEntryArn))
    facts.broken("others-entry-stays", `The entry of ${truth.name} that others created is gone.`);
  if (after?.accessEntryArn === before.accessEntryArn && after.username !== before.username)
    facts.broken(
      "username-stays",
      `The username of ${truth.name} was ${before.username}, and is ${after.username}.`,
    );
}

/** The broker does not take access that an extension continues, even where its predecessor ends. */
function checkContinued(
  { facts, stops }: Watches,
  truth: Truth,
  { target, taken }: { readonly target: string; readonly taken: ElementSet },
  { startedAt }: Invocation,
): void {
  if (isWithdrawn(truth) || truth.entryAmbiguous) return;
  for (const request of facts.open(truth)) {
    const reach = facts.reachOf(request);
    // A later policy may refuse what is not on record as active yet.
    const isRefused =
      request.state === "approved" && (!facts.isLent(request) || facts.lostAt.size > 0);
    const isContinued =
      request.extends !== undefined &&
      facts.begun.has(request.id) &&
      facts.isLive(request) &&
      !isRefused &&
      !facts.isEndNoted(request) &&
      // A stop ends it, though the step that says so is still to land.
      !stops.wasStopped(request, startedAt);
    // By a clock that is ahead, the extension itself is over.
    const isNearEnd = facts.now >= facts.revokeAt(request) - facts.bounds.skew;
    if (!isContinued || isNearEnd || reach.target !== target) continue;
    const lost = taken.filter(
      (element) => reach.elements.includes(element) && !truth.ambiguous.has(keyOf(target, element)),
    );
    if (lost.length > 0)
      facts.broken(
        "extension-continues",
        `${lost.join(", ")} of ${target} was taken, and the extension ${request.id} continues it.`,
      );
  }
}

interface Added {
  readonly target: string;
  readonly element: string;
}

function checkAddition(
  { facts, runs, stops }: Watches,
  truth: Truth,
  { target, element }: Added,
  effect: Effect,
): void {
  const { invocation, late } = effect;
  if (truth.ambiguous.has(keyOf(target, element)) || truth.entryAmbiguous) return;
  if (scopeCovers(truth.baseline.get(target) ?? EMPTY, [element])) return;
  const reasons = reasonsFor(facts, truth, { target, element }, effect);
  if (!late && reasons.length > 0) stops.added(reasons, `${element} of ${target}`);
  if (reasons.length === 0)
    facts.broken(
      "nothing-unapproved",
      `${element} of ${target} was added, and no grant asks for it.`,
    );
  else if (!reasons.some((request) => facts.isArmed(request)))
    facts.broken(
      "schedule-first",
      `${element} of ${target} was added before the schedule that ends it.`,
    );
  else if (!late && !isLent(facts, runs, reasons, invocation))
    facts.broken(
      "lent-by-policy",
      `${element} of ${target} was added, and the deployed policy no longer lends it.`,
    );
  // A call that lands late was made before. The ledger that says `over` still names it as open.
  else if (!late && reasons.every(({ id }) => runs.overIn(invocation).has(id)))
    facts.broken(
      "over-stays",
      `${element} of ${target} was added for a grant that the ledger says is over.`,
    );
  else if (
    !late &&
    invocation.startedAt > truth.withdrawnAt + facts.bounds.lag &&
    isReadable(truth)
  ) {
    const isOwn = reasons.some(({ createdAt }) => millisOf(createdAt) > truth.withdrawnAt);
    if (!isOwn)
      facts.broken(
        "nothing-inherited",
        `${element} of ${target} was added for a principal or cluster that no longer exists.`,
      );
  }
}

/** Grants that ask for an element at the moment, or did when the call was made. */
function reasonsFor(
  facts: Facts,
  truth: Truth,
  { target, element }: Added,
  { invocation, late }: Effect,
): readonly AccessRequest[] {
  const { now, bounds } = facts;
  const run = facts.options.stack.convergeTimeoutSeconds * 1_000;
  return [...facts.options.tables.requests.values()].filter((request) => {
    if (facts.forged.has(request.id) || request.approvedAt === null) return false;
    const reach = facts.reachOf(request);
    if (facts.truthOf(request) !== truth || reach.target !== target) return false;
    if (!scopeCovers(reach.elements, [element])) return false;
    if (late) return true;
    const hasBegun = millisOf(startOf(request) ?? "") - bounds.skew <= now;
    const isOver = now > facts.revokeAt(request) + run + bounds.skew;
    const isMeant =
      request.state === "approved" ||
      request.state === "active" ||
      (facts.savedAt.get(request.id) ?? 0) >= invocation.startedAt;
    return hasBegun && !isOver && isMeant;
  });
}

/**
 * Whether the policy lends it to one of the grants. Otherwise a narrowing may still carry what a grant
 * goes on having, which a fuse or others had taken. No read need show that yet.
 */
function isLent(
  facts: Facts,
  runs: Runs,
  reasons: readonly AccessRequest[],
  invocation: Invocation,
): boolean {
  const { startedAt } = invocation;
  const over = runs.overIn(invocation);
  const goesOn = ({ id }: AccessRequest) =>
    !over.has(id) && (facts.begunAt.get(id) ?? startedAt) < startedAt;
  const isGivenBack = over.size > 0 && reasons.some(goesOn);
  return isGivenBack || reasons.some((request) => facts.isLent(request, startedAt));
}

/** The broker cannot read a role of another account. */
const isReadable = ({ address }: Truth) => address.cluster.account === ACCOUNT;

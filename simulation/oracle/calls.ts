/** What must hold of each change that the broker makes to an entry. */

import type { ActualEntry } from "../../shared/domain/entries/actual-entry.ts";
import { scopeCovers, scopeRemainder } from "../../shared/domain/entries/scope.ts";
import { startOf } from "../../shared/domain/requests/grant-time.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { EMPTY, sameSet, unionOf } from "../../shared/domain/values/element-set.ts";
import { ACCOUNT } from "../sim-policy.ts";
import { contestRecent, doubt } from "./contests.ts";
import { inspect } from "./elements.ts";
import { type Effect, type Facts, millisOf } from "./facts.ts";
import type { Runs } from "./runs.ts";
import { keyOf, type Truth } from "./truth.ts";

/** A call of the broker's changed an entry, or tried to. */
export function entryChanged(
  facts: Facts,
  runs: Runs,
  truth: Truth,
  before: ActualEntry | undefined,
): void {
  const { current } = facts;
  const after = facts.actual(truth);
  if (!current) return;
  const { invocation, late } = current;
  if (late) truth.lateAt = facts.now;
  contestRecent(facts, truth, invocation, runs.isBlind(invocation));
  doubt(facts, truth, before, after);
  // Nobody can take back a deletion that was under way when others came to use the entry.
  if (late && !after && truth.editedAt >= invocation.startedAt) truth.entryContested = true;
  checkEntry(facts, truth, before, after);
  const targets = [...Object.keys(before?.targets ?? {}), ...Object.keys(after?.targets ?? {})];
  for (const target of new Set(targets)) {
    const was = before?.targets[target] ?? EMPTY;
    const is = after?.targets[target] ?? EMPTY;
    if (sameSet(was, is)) continue;
    const isContested = unionOf(was, is).every((each) => truth.contested.has(keyOf(target, each)));
    if (!truth.touched.has(target) && !truth.entryContested && !isContested)
      facts.broken(
        "others-keep",
        `${target} of ${truth.name} was changed, which no grant touches.`,
      );
    if (scopeRemainder(was, is).length > 0) {
      truth.takenAt = facts.now;
      truth.takenBy = invocation.name;
    }
    runs.checkOrder(truth, invocation, target, was, is);
    for (const element of scopeRemainder(is, was))
      checkAddition(facts, runs, truth, { target, element }, current);
  }
  inspect(facts, truth);
}

/** What others made stays there, and keeps its name. */
function checkEntry(
  facts: Facts,
  truth: Truth,
  before: ActualEntry | undefined,
  after: ActualEntry | undefined,
): void {
  if (truth.entryContested || !before) return;
  if (!after && truth.foreign.has(before.accessEntryArn))
    facts.broken("others-entry-stays", `The entry of ${truth.name} that others made is gone.`);
  if (after?.accessEntryArn === before.accessEntryArn && after.username !== before.username)
    facts.broken(
      "username-stays",
      `The username of ${truth.name} was ${before.username}, and is ${after.username}.`,
    );
}

interface Added {
  readonly target: string;
  readonly element: string;
}

function checkAddition(
  facts: Facts,
  runs: Runs,
  truth: Truth,
  { target, element }: Added,
  effect: Effect,
): void {
  const { invocation, late } = effect;
  if (truth.contested.has(keyOf(target, element)) || truth.entryContested) return;
  if (scopeCovers(truth.theirs.get(target) ?? EMPTY, [element])) return;
  const reasons = reasonsFor(facts, truth, { target, element }, effect);
  if (reasons.length === 0)
    facts.broken("nothing-unapproved", `${element} of ${target} was added for no grant.`);
  else if (!reasons.some((request) => facts.isArmed(request)))
    facts.broken("schedule-first", `${element} of ${target} was added before any schedule.`);
  // What lands late was called for before, and the ledger that says `over` names it as open.
  else if (!late && reasons.every(({ id }) => runs.overIn(invocation).has(id)))
    facts.broken("over-stays", `${element} of ${target} was added for what was over.`);
  else if (
    !late &&
    invocation.startedAt > truth.withdrawnAt + facts.bounds.lag &&
    isReadable(truth)
  ) {
    const isOwn = reasons.some(({ createdAt }) => millisOf(createdAt) > truth.withdrawnAt);
    if (!isOwn) facts.broken("nothing-inherited", `${element} of ${target} was for a predecessor.`);
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

/** Of another account's role the broker cannot read who it is. */
const isReadable = ({ address }: Truth) => address.cluster.account === ACCOUNT;

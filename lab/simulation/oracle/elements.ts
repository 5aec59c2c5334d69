/** Judges an entry at any time: the baseline, the lent access, and access that nothing explains. */

import type { ActualEntry } from "../../../shared/domain/entries/actual-entry.ts";
import { scopeCovers, scopeRemainder } from "../../../shared/domain/entries/scope.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { EMPTY } from "../../../shared/domain/values/element-set.ts";
import { keyOfTicket } from "../ticket-policy.ts";
import { instantOf } from "../virtual-time.ts";
import { checkTimes, goneBy } from "./deadlines.ts";
import type { Facts } from "./facts.ts";
import { settle } from "./settle.ts";
import { EVERYONE, whoGets } from "./stops.ts";
import { isWithdrawn, keyOf, NEVER, type Truth } from "./truth.ts";

export function inspect(facts: Facts, truth: Truth): void {
  const actual = facts.actual(truth);
  settle(facts, truth);
  checkOthers(facts, truth, actual);
  checkUnexplained(facts, truth, actual);
  for (const request of facts.open(truth)) {
    checkPresence(facts, truth, actual, request);
    checkTimes(facts, truth, request);
  }
  for (const id of truth.missing.keys())
    if (facts.options.tables.requests.get(id)?.state !== "active") truth.missing.delete(id);
}

function checkOthers(facts: Facts, truth: Truth, actual: ActualEntry | undefined): void {
  if (actual && [...truth.baseline.values()].some((elements) => elements.length > 0))
    truth.usedByOthers.add(actual.accessEntryArn);
  if (truth.entryAmbiguous) return;
  for (const [target, baseline] of truth.baseline) {
    const certain = baseline.filter((element) => !truth.ambiguous.has(keyOf(target, element)));
    const there = actual?.targets[target] ?? EMPTY;
    if (!scopeCovers(there, certain))
      facts.broken(
        "others-keep",
        `The baseline ${scopeRemainder(certain, there).join(", ")} of ${target} on ${truth.name} is gone.`,
      );
  }
}

function checkUnexplained(facts: Facts, truth: Truth, actual: ActualEntry | undefined): void {
  const found = new Set<string>();
  for (const [target, elements] of Object.entries(actual?.targets ?? {}))
    for (const element of elements) {
      if (facts.isExplained(truth, target, element)) continue;
      const key = keyOf(target, element);
      found.add(key);
      const since = truth.unexplained.get(key) ?? facts.now;
      truth.unexplained.set(key, since);
      if (!facts.isClaimed(truth, target, element))
        facts.broken(
          "no-return",
          `${key} on ${truth.name} exists, and the end of every grant was reported.`,
        );
      // EKS may judge a removal on a stale view, and miss what was just added.
      const isFrom = facts.bounds.lag > 0 ? Math.max(since, truth.doubts.get(key) ?? since) : since;
      if (facts.now > goneBy(facts, truth, isFrom))
        facts.broken(
          "no-overstay",
          `${key} on ${truth.name} exists since ${instantOf(since)}, and nothing explains it.`,
        );
    }
  for (const key of truth.unexplained.keys()) if (!found.has(key)) truth.unexplained.delete(key);
}

/**
 * Whether somebody asked or approved who may no more: such a grant keeps what it has, and nothing is
 * restored.
 */
const isByLost = ({ lostAt }: Facts, { requester, approvals }: AccessRequest): boolean =>
  [requester, ...approvals.flatMap(({ person, onBehalfOf }) => [person, onBehalfOf?.person])].some(
    (person) => person !== undefined && lostAt.has(person),
  );

/**
 * Whether somebody who gets the access was stopped since. It then goes before the table says so, where
 * the table takes no step at that moment.
 */
const isStopped = ({ stoppedAt }: Facts, request: AccessRequest): boolean =>
  [EVERYONE, ...whoGets(request)].some(
    (name) => (stoppedAt.get(name) ?? NEVER) >= Date.parse(request.approvedAt ?? ""),
  );

function checkPresence(
  facts: Facts,
  truth: Truth,
  actual: ActualEntry | undefined,
  request: AccessRequest,
): void {
  const { bounds, now } = facts;
  const { id, state } = request;
  const { target, elements } = facts.reachOf(request);
  // Converge repairs nothing in the last seconds of a grant.
  const late = facts.options.stack.broker.tooLateSeconds * 1_000;
  const isOver = now >= facts.revokeAt(request) - late - bounds.skew;
  const has = scopeCovers(actual?.targets[target] ?? EMPTY, elements);
  if (state !== "active" || isOver || has || isWithdrawn(truth) || facts.forged.has(id)) {
    truth.missing.delete(id);
    return;
  }
  const since = truth.missing.get(id) ?? now;
  truth.missing.set(id, since);
  // If a narrowing is refused twice, the whole association goes, until it can be added again.
  const explained = Math.max(truth.editedAt, truth.lateAt, truth.deniedAt);
  if (!facts.options.profile.sweep && explained > NEVER) return;
  if (isByLost(facts, request) || isStopped(facts, request) || !facts.isLent(request)) return;
  // So does access whose end was noted, or whose ticket was closed, where the table takes no step.
  const isTicketClosed = facts.closedTickets.has(keyOfTicket(request.ticket ?? ""));
  if (facts.isEndNoted(request) || isTicketClosed) return;
  if (now > Math.max(explained, truth.disturbedUntil) + bounds.drift || explained < 0)
    facts.broken(
      "active-has-access",
      `${id} is active, and its access is missing since ${instantOf(since)}.`,
    );
}

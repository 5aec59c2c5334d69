/** What must hold of an entry at any time: foreign elements, ours, and those of nobody. */

import type { ActualEntry } from "../../shared/domain/entries/actual-entry.ts";
import { scopeCovers, scopeRemainder } from "../../shared/domain/entries/scope.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { EMPTY } from "../../shared/domain/values/element-set.ts";
import { instantOf } from "../virtual-time.ts";
import { checkTimes, isRepeated } from "./deadlines.ts";
import type { Facts } from "./facts.ts";
import { isWithdrawn, keyOf, NEVER, type Truth } from "./truth.ts";

export function inspect(facts: Facts, truth: Truth): void {
  const actual = facts.actual(truth);
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
  if (actual && [...truth.theirs.values()].some((elements) => elements.length > 0))
    truth.adopted.add(actual.accessEntryArn);
  if (truth.entryContested) return;
  for (const [target, theirs] of truth.theirs) {
    const certain = theirs.filter((element) => !truth.contested.has(keyOf(target, element)));
    const there = actual?.targets[target] ?? EMPTY;
    if (!scopeCovers(there, certain))
      facts.broken(
        "others-keep",
        `Others' ${scopeRemainder(certain, there).join(", ")} of ${target} on ${truth.name} is gone.`,
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
        facts.broken("no-return", `${key} on ${truth.name} is there, and every end was reported.`);
      // A stale view keeps EKS from finding what was just put there, and us from narrowing it.
      const isFrom = facts.bounds.lag > 0 ? Math.max(since, truth.doubts.get(key) ?? since) : since;
      if (isRepeated(facts) && facts.now > facts.deadline(truth, isFrom, facts.bounds.tight))
        facts.broken(
          "no-overstay",
          `${key} on ${truth.name} is there since ${instantOf(since)}, and nothing explains it.`,
        );
    }
  for (const key of truth.unexplained.keys()) if (!found.has(key)) truth.unexplained.delete(key);
}

function checkPresence(
  facts: Facts,
  truth: Truth,
  actual: ActualEntry | undefined,
  request: AccessRequest,
): void {
  const { bounds, now } = facts;
  const { id, state } = request;
  const { target, elements } = facts.reachOf(request);
  // What is missing in the last seconds is not given back any more.
  const late = facts.options.stack.broker.tooLateSeconds * 1_000;
  const isOver = now >= facts.revokeAt(request) - late - bounds.skew;
  const has = scopeCovers(actual?.targets[target] ?? EMPTY, elements);
  if (state !== "active" || isOver || has || isWithdrawn(truth) || facts.forged.has(id)) {
    truth.missing.delete(id);
    return;
  }
  const since = truth.missing.get(id) ?? now;
  truth.missing.set(id, since);
  const explained = Math.max(truth.editedAt, truth.lateAt);
  if (!facts.options.profile.sweep && explained > NEVER) return;
  if (now > Math.max(explained, truth.disturbedUntil) + bounds.drift || explained < 0)
    facts.broken("active-has-access", `${id} is active without access since ${instantOf(since)}.`);
}

/**
 * Ends ambiguity. If others and the broker changed an element at almost the same time, either may
 * be its owner. The broker must decide. Once nothing is under way and a read must show what is
 * there, its ledger says how it decided. From then on the oracle holds it to that.
 */
import type { ActualEntry } from "../../../shared/domain/entries/actual-entry.ts";
import { isEmpty, type Ledger } from "../../../shared/domain/entries/ledger.ts";
import { scopeCovers } from "../../../shared/domain/entries/scope.ts";
import { EMPTY, minus, unionOf } from "../../../shared/domain/values/element-set.ts";
import type { Facts } from "./facts.ts";
import { keyOf, NEVER, type Truth } from "./truth.ts";

/** @param isLast whether nothing can happen any more */
export function settle(facts: Facts, truth: Truth, isLast = false): void {
  if (truth.changesUnderWay > 0) return;
  if (truth.entryAmbiguous && (isLast || isSeen(facts, truth, entryRestsAt(facts, truth))))
    settleEntry(facts, truth);
  for (const [key, from] of truth.ambiguous)
    if (isLast || isSeen(facts, truth, restsAt(facts, truth, key)))
      settleElement(facts, truth, key, from);
}

/** Whether the broker has seen it at rest, or must have. */
function isSeen(facts: Facts, truth: Truth, restsAt: number): boolean {
  const { now, bounds } = facts;
  if (now <= restsAt) return false;
  if (truth.lookedAt > restsAt) return true;
  const ledger = facts.options.ledgers.get(truth.binding);
  // Without anything in its ledger, the broker does not look any more.
  if (truth.underWay === 0 && (!ledger || isEmpty(ledger))) return true;
  return now > Math.max(restsAt, truth.disturbedUntil, facts.sweptFrom) + bounds.drift;
}

/** From when on a read must show the entry, by every clock, and nothing of ours may land any more. */
const entryRestsAt = ({ bounds }: Facts, { replacedAt, entryDoubtUntil }: Truth): number =>
  Math.max(replacedAt + bounds.unnoticed, entryDoubtUntil + bounds.lag + bounds.skew);

/** The same for one element. */
const restsAt = (facts: Facts, truth: Truth, key: string): number =>
  Math.max(
    entryRestsAt(facts, truth),
    (truth.edits.get(key) ?? NEVER) + facts.bounds.unnoticed,
    (truth.doubts.get(key) ?? NEVER) + facts.bounds.lag + facts.bounds.skew,
  );

/** The entry is somebody's. Each of its elements is judged from now on, by itself. */
function settleEntry(facts: Facts, truth: Truth): void {
  const from = truth.entryAmbiguousFrom;
  truth.entryAmbiguous = false;
  truth.entryAmbiguousFrom = Number.POSITIVE_INFINITY;
  const there = Object.entries(facts.actual(truth)?.targets ?? {});
  for (const [target, elements] of [...there, ...truth.baseline])
    for (const element of elements) {
      const key = keyOf(target, element);
      truth.ambiguous.set(key, Math.min(from, truth.ambiguous.get(key) ?? from));
    }
}

function settleElement(facts: Facts, truth: Truth, key: string, from: number): void {
  const [target = "", element = ""] = key.split(" ");
  const ledger = facts.options.ledgers.get(truth.binding);
  const had = truth.baseline.get(target) ?? EMPTY;
  const mayBeTheirs = had.includes(element) || (truth.theirsAt.get(key) ?? NEVER) >= from;
  const isTheirs =
    mayBeTheirs && decision(facts.actual(truth), ledger, target, element) === "theirs";
  truth.baseline.set(target, isTheirs ? unionOf(had, [element]) : minus(had, [element]));
  truth.ambiguous.delete(key);
}

/** An element that is there and in no ledger is not ours, as far as the broker knows. */
function decision(
  actual: ActualEntry | undefined,
  ledger: Ledger | undefined,
  target: string,
  element: string,
): "theirs" | "ours" | "gone" {
  if (!scopeCovers(actual?.targets[target] ?? EMPTY, [element])) return "gone";
  const known = ledger?.targets[target]?.[element];
  if (known) return known.state === "baseline" ? "theirs" : "ours";
  return (actual?.targets[target] ?? EMPTY).includes(element) ? "theirs" : "gone";
}

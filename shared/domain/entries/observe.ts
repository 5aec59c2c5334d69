/**
 * Updates the ledger with what a read showed, as far as the read proves anything. Pure.
 *
 * Reports changes that someone else made, and leaves them in place. An element that the owner
 * removed leaves the baseline at once; one that the owner added joins it.
 */

import type { EntryFinding } from "../requests/evidence.ts";
import { type ElementSet, EMPTY, setOf } from "../values/element-set.ts";
import { plusSeconds } from "../values/instant.ts";
import type { Reading } from "./actual-entry.ts";
import { type ElementRead, elementAfter, gone, isEdited, presenceIn } from "./element-sight.ts";
import { identify, type Sight } from "./identify.ts";
import { presentOn, withAllTargets, withTarget } from "./knowledge.ts";
import { type Lag, later, visibleFrom } from "./lag.ts";
import type { ElementKnowledge, Ledger } from "./ledger.ts";

/** Whether an open grant that has begun explains an element of a target. */
export type Explains = (target: string, element: string) => boolean;

export interface Observation {
  readonly ledger: Ledger;
  readonly sight: Sight;
  readonly findings: readonly EntryFinding[];
}

/** @param explains decides whether an element that appears is ours or the owner's */
export function observe(
  before: Ledger,
  reading: Reading,
  explains: Explains,
  lag: Lag,
): Observation {
  const { sight, entry, finding } = identify(before.entry, reading, lag);
  const known = { ...before, entry };
  const reported = finding && hasContent(before) ? [finding] : [];
  switch (sight) {
    case "absent":
      return { ledger: withoutEntry(known, reading.begunAt, lag), sight, findings: reported };
    case "same":
      return { sight, ...compared(known, reading, explains, lag) };
    case "replaced":
      // A stale read may still show what we removed, and we would take it for the new owner's.
      return showsWhatIsGone(before, reading, lag)
        ? { ledger: before, sight: "too-new", findings: [] }
        : { ledger: takenOver(known, reading, explains, lag), sight, findings: reported };
    case "stale":
    case "too-new":
      return { ledger: before, sight, findings: [] };
  }
}

const showsWhatIsGone = ({ targets }: Ledger, { entry, begunAt }: Reading, lag: Lag): boolean =>
  Object.entries(targets).some(([target, elements]) =>
    (entry?.targets[target] ?? EMPTY).some((name) => {
      const element = elements[name];
      return element && mayHaveLandedOn(entry, element, lag) && begunAt < element.presenceFrom;
    }),
  );

/** Whether a call of ours that carries the element may have reached this very entry. */
const mayHaveLandedOn = (
  entry: Reading["entry"],
  { carriedUntil }: ElementKnowledge,
  { readLagSeconds }: Lag,
): boolean => plusSeconds(carriedUntil, -readLagSeconds) >= (entry?.createdAt ?? "");

const hasContent = ({ targets }: Ledger): boolean =>
  Object.values(targets).some((target) =>
    Object.values(target).some(({ state }) => state !== "absent"),
  );

/** Without an entry every element is gone. An open call may still reach a new entry. */
const withoutEntry = (ledger: Ledger, begunAt: string, lag: Lag): Ledger =>
  withAllTargets(ledger, (element) => gone(element, begunAt, visibleFrom(begunAt, lag)));

/** The entry is the known one, so each element is judged by its own times. */
function compared(
  known: Ledger,
  { entry, begunAt }: Reading,
  explains: Explains,
  lag: Lag,
): { readonly ledger: Ledger; readonly findings: readonly EntryFinding[] } {
  const isYoung = begunAt < visibleFrom(entry?.createdAt ?? "", lag);
  const findings: EntryFinding[] = [];
  let ledger = known;
  for (const target of Object.keys(known.targets)) {
    const found = entry?.targets[target] ?? EMPTY;
    let edited = false;
    ledger = withTarget(ledger, target, found, (element, name) => {
      const isExplained = explains(target, name);
      const read: ElementRead = {
        begunAt,
        visible: visibleFrom(begunAt, lag),
        isYoung,
        isExplained,
      };
      const next = elementAfter(element, presenceIn(found, name), read);
      edited ||= isEdited(element, next, read);
      return next;
    });
    if (edited)
      findings.push({ code: "entry-edited", target, expected: presentOn(known, target), found });
  }
  return { ledger, findings };
}

/**
 * Someone else's entry has replaced the known one. Its content belongs to its creator, except what
 * a call meant for the old entry may have added.
 */
function takenOver(
  known: Ledger,
  { entry, begunAt }: Reading,
  explains: Explains,
  lag: Lag,
): Ledger {
  const visible = visibleFrom(begunAt, lag);
  return Object.keys(known.targets).reduce((ledger, target) => {
    const found = entry?.targets[target] ?? EMPTY;
    return withTarget(ledger, target, found, (element, name) => {
      if (!found.includes(name)) return gone(element, begunAt, visible);
      const isOurs = explains(target, name) && mayHaveLandedOn(entry, element, lag);
      const state = isOurs ? "lent" : "baseline";
      return { ...element, state, absenceFrom: later(element.absenceFrom, visible) };
    });
  }, known);
}

/**
 * Once a grant is over, what it lent is not there if a scope of the whole cluster hides it. Such an
 * association has no namespaces. The owner may scope it to namespaces again, and those are theirs.
 */
export function withoutHidden(
  ledger: Ledger,
  { entry, begunAt }: Reading,
  explains: Explains,
  lag: Lag,
): Ledger {
  const visible = visibleFrom(begunAt, lag);
  return Object.keys(ledger.targets).reduce((sum, target) => {
    const found = entry?.targets[target] ?? EMPTY;
    return withTarget(sum, target, EMPTY, (element, name) => {
      const read = { begunAt, visible, isYoung: false, isExplained: explains(target, name) };
      return presenceIn(found, name) === "hidden" ? elementAfter(element, "hidden", read) : element;
    });
  }, ledger);
}

/** A call found the target missing, which proves as much as a read that began with the call. */
export function observeMissing(ledger: Ledger, target: string, begunAt: string, lag: Lag): Ledger {
  const visible = visibleFrom(begunAt, lag);
  const read: ElementRead = { begunAt, visible, isYoung: false, isExplained: false };
  return withTarget(ledger, target, EMPTY, (element) => elementAfter(element, "missing", read));
}

/** Targets that have elements but are not in the ledger: someone else uses them. */
export const unknownTargets = ({ targets }: Ledger, { entry }: Reading): ElementSet =>
  setOf(
    Object.entries(entry?.targets ?? {}).flatMap(([target, elements]) =>
      elements.length > 0 && !Object.hasOwn(targets, target) ? target : [],
    ),
  );

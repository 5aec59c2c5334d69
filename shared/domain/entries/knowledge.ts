/** The ledger's knowledge of the elements of a target. */
import { type ElementSet, EMPTY, setOf } from "../values/element-set.ts";
import type { Reading } from "./actual-entry.ts";
import { later } from "./lag.ts";
import {
  type ElementKnowledge,
  type Ledger,
  type TargetKnowledge,
  UNKNOWN_ELEMENT,
} from "./ledger.ts";

const elementsWhere = (
  target: TargetKnowledge | undefined,
  isSo: (element: ElementKnowledge) => boolean,
): ElementSet =>
  setOf(Object.entries(target ?? {}).flatMap(([name, element]) => (isSo(element) ? name : [])));

/** Elements that are present, as far as we know. */
export const presentOn = ({ targets }: Ledger, target: string): ElementSet =>
  elementsWhere(targets[target], ({ state }) => state !== "absent");

/**
 * Elements whose presence a read proves. The read began once every call that lacked them had
 * landed, or a later call had added them again.
 * @param begunAt when the read began
 */
export const certainOn = ({ targets }: Ledger, target: string, begunAt: string): ElementSet =>
  elementsWhere(
    targets[target],
    ({ state, absenceFrom, presenceFrom }) =>
      state !== "absent" && later(begunAt, absenceFrom) >= presenceFrom,
  );

/**
 * Elements that a read of the known entry proves to be there. It may show others as they were before a removal, as far
 * as the ledger knows.
 */
export const provenOn = (ledger: Ledger, target: string, { entry, begunAt }: Reading): ElementSet =>
  (entry?.targets[target] ?? EMPTY).filter(
    (name) => begunAt >= knownElement(ledger, target, name).presenceFrom,
  );

/** Elements that belong to the entry's owner. */
export const baselineOf = ({ targets }: Ledger, target: string): ElementSet =>
  elementsWhere(targets[target], ({ state }) => state === "baseline");

/** Elements that are present, or that an unanswered call may still add. */
export const possibleOn = ({ targets }: Ledger, target: string): ElementSet =>
  elementsWhere(
    targets[target],
    ({ state, openUntil }) => state !== "absent" || openUntil !== null,
  );

export const knownElement = ({ targets }: Ledger, target: string, element: string) =>
  targets[target]?.[element] ?? UNKNOWN_ELEMENT;

type Change = (element: ElementKnowledge, name: string) => ElementKnowledge;

/** Applies `change` to every known element of a target, and to the elements of `more`. */
export function withTarget(
  ledger: Ledger,
  target: string,
  more: ElementSet,
  change: Change,
): Ledger {
  const known = ledger.targets[target] ?? {};
  const names = setOf([...Object.keys(known), ...more]);
  const changed = Object.fromEntries(
    names.map((name) => [name, change(known[name] ?? UNKNOWN_ELEMENT, name)]),
  );
  return { ...ledger, targets: { ...ledger.targets, [target]: changed } };
}

/** Applies `change` to every known element of every target. */
export const withAllTargets = (ledger: Ledger, change: Change): Ledger =>
  Object.keys(ledger.targets).reduce(
    (sum, target) => withTarget(sum, target, EMPTY, change),
    ledger,
  );

/** What one read says of one element. Pure. */
import type { ElementSet } from "../values/element-set.ts";
import { later } from "./lag.ts";
import type { ElementKnowledge } from "./ledger.ts";
import { covers } from "./scope.ts";

/** A whole cluster hides its namespaces: EKS keeps one type of scope for an association. */
export type Presence = "there" | "missing" | "hidden";

export function presenceIn(found: ElementSet, name: string): Presence {
  if (found.includes(name)) return "there";
  return covers(found, name) ? "hidden" : "missing";
}

/** The read by which an element is judged. */
export interface ElementRead {
  readonly begunAt: string;
  /** From when on a read that shows the opposite may count. */
  readonly visible: string;
  /** The List of an entry that was just created says nothing of what others put there. */
  readonly isYoung: boolean;
  /** Whether a grant that has begun explains the element. */
  readonly isExplained: boolean;
}

/** The element after a read that showed it so. */
export function sighted(
  element: ElementKnowledge,
  presence: Presence,
  read: ElementRead,
): ElementKnowledge {
  if (presence === "hidden")
    return isLeftBehind(element, read) ? gone(element, read.begunAt, read.visible) : element;
  if (presence === "there") return element.state === "absent" ? appeared(element, read) : element;
  return element.state === "absent"
    ? gone(element, read.begunAt, read.visible)
    : vanished(element, read);
}

/**
 * An association with a whole cluster lists no namespaces. What was lent there, by a grant that is
 * forgotten since, is on it no more.
 */
const isLeftBehind = (
  { state, absenceFrom, carriedUntil }: ElementKnowledge,
  { begunAt, isExplained }: ElementRead,
): boolean => state === "lent" && !isExplained && begunAt >= later(absenceFrom, carriedUntil);

function appeared(
  element: ElementKnowledge,
  { begunAt, visible, isYoung, isExplained }: ElementRead,
): ElementKnowledge {
  if (begunAt < element.presenceFrom) return element;
  const isOurs = element.openUntil !== null;
  if (isYoung && !isOurs) return element;
  return {
    ...element,
    state: isOurs || isExplained ? "lent" : "baseline",
    absenceFrom: later(element.absenceFrom, visible),
  };
}

function vanished(
  element: ElementKnowledge,
  { begunAt, visible, isYoung }: ElementRead,
): ElementKnowledge {
  if (begunAt < element.absenceFrom) return element;
  if (isYoung && element.state === "baseline") return element;
  // Its owner removed it. A call of ours that carries it may still bring it back: then it is ours.
  if (begunAt < element.carriedUntil) return { ...element, state: "lent" };
  return gone(element, begunAt, visible);
}

/**
 * The element of which a read that counts has shown the absence. A read that begins after all that
 * may land closes every call. What was there, or may have been, may still be seen in a stale read.
 */
export function gone(
  element: ElementKnowledge,
  begunAt: string,
  visible: string,
): ElementKnowledge {
  const isSettled = begunAt >= element.carriedUntil;
  const isNews = element.state !== "absent" || (isSettled && element.openUntil !== null);
  return {
    ...element,
    state: "absent",
    presenceFrom: isNews ? later(element.presenceFrom, visible) : element.presenceFrom,
    openUntil: isSettled ? null : element.openUntil,
  };
}

/** Whether somebody else changed the element, and not a call of ours that we have no answer to. */
export function isEdited(
  before: ElementKnowledge,
  after: ElementKnowledge,
  { begunAt, isExplained }: ElementRead,
): boolean {
  if (before.state === after.state) return false;
  if (before.state === "baseline" || after.state === "baseline") return true;
  return after.state === "absent" && isExplained && begunAt >= before.presenceFrom;
}

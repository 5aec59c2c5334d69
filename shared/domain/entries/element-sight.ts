/** Conclusions from one read about one element. Pure. */
import type { ElementSet } from "../values/element-set.ts";
import { later } from "./lag.ts";
import type { ElementKnowledge } from "./ledger.ts";
import { covers } from "./scope.ts";

/** `hidden`: EKS keeps one scope type per association, so a whole cluster hides its namespaces. */
export type Presence = "there" | "missing" | "hidden";

export function presenceIn(found: ElementSet, name: string): Presence {
  if (found.includes(name)) return "there";
  return covers(found, name) ? "hidden" : "missing";
}

/** The read that an element is compared with. */
export interface ElementRead {
  readonly begunAt: string;
  /** The earliest start of a read that may later prove the opposite. */
  readonly visible: string;
  /** The entry is new, so its List may still miss what somebody else added. */
  readonly isYoung: boolean;
  /** Whether a begun grant explains the element. */
  readonly isExplained: boolean;
}

/** The element after a read. */
export function elementAfter(
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
 * An association with the whole cluster lists no namespaces. An element that a forgotten grant lent
 * is therefore no longer there.
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
  // Its owner removed it, but an open call of ours may add it again. It then counts as lent.
  if (begunAt < element.carriedUntil) return { ...element, state: "lent" };
  return gone(element, begunAt, visible);
}

/**
 * The element after a read proved it absent. A read that begins after everything has landed closes
 * its open calls. If it was or may have been there, a stale read may still show it.
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

/**
 * Whether someone outside Timelatch changed the element, rather than an unanswered call of ours.
 */
export function isEdited(
  before: ElementKnowledge,
  after: ElementKnowledge,
  { begunAt, isExplained }: ElementRead,
): boolean {
  if (before.state === after.state) return false;
  if (before.state === "baseline" || after.state === "baseline") return true;
  return after.state === "absent" && isExplained && begunAt >= before.presenceFrom;
}

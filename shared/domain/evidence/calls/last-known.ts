/** The elements on a target of an access entry before an event, as far as earlier changes say. */
import { type ElementSet, EMPTY } from "../../values/element-set.ts";
import type { EntryOperation } from "../trail/trail-event.ts";

/** A change of an entry that is on record: a call of ours, or an event of CloudTrail. */
export interface KnownChange {
  /** When it was made. ISO 8601 UTC. */
  readonly at: string;
  readonly operation: EntryOperation;
  /** An access policy's ARN or `groups`; null for a change of the entry itself. */
  readonly target: string | null;
  /** All elements on the target after it. */
  readonly elements: ElementSet;
}

/** A change of the entry as a whole leaves nothing on its targets but what it sets itself. */
const CLEARS: ReadonlySet<EntryOperation> = new Set(["CreateAccessEntry", "DeleteAccessEntry"]);

/**
 * Elements on a target just before an instant: what the latest earlier change left there. Null if
 * nobody knows. CloudTrail has whole seconds, so of two changes in one second nobody knows the order.
 *
 * @param since nothing is known of changes before it
 */
export function lastKnown(
  changes: readonly KnownChange[],
  target: string | null,
  before: string,
  since: string,
): ElementSet | null {
  if (target === null) return null;
  const [latest] = changes
    .filter(({ at }) => at >= since && secondOf(at) <= secondOf(before))
    .filter((each) => each.target === target || CLEARS.has(each.operation))
    .toSorted((a, b) => (a.at < b.at ? 1 : -1));
  if (latest === undefined || secondOf(latest.at) === secondOf(before)) return null;
  return latest.target === target ? latest.elements : EMPTY;
}

const secondOf = (instant: string): string => instant.slice(0, "2026-11-24T10:00:00".length);

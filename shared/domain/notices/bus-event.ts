/** The events on the event bus. */

/** Something that concerns one subject. */
export interface BusEvent {
  /** As `subject.ts` names it. */
  readonly subject: string;
  /** The `detail-type`. */
  readonly type: string;
  /** When it was stored, or became due. ISO 8601 UTC. */
  readonly at: string;
  /** The content for a receiver. By its `id` it knows what it has had before. */
  readonly detail: { readonly id: string };
}

/** One stored step of one subject. */
export interface StepEvent extends BusEvent {
  /** Counts up within its subject. */
  readonly seq: number;
  /** By it, break-glass access begins. Absent of every other step. */
  readonly beginsBreakGlass?: true;
}

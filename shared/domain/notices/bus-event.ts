/** What the event bus gets. docs/events.md and docs/events.schema.json describe it for receivers. */

/** One step of one subject. */
export interface BusEvent {
  /** As `subject.ts` names it. */
  readonly subject: string;
  /** Counts up within its subject. */
  readonly seq: number;
  /** The `detail-type`. */
  readonly type: string;
  /** When the step was stored. ISO 8601 UTC. */
  readonly at: string;
  /** What a receiver gets. By its `id` it knows what it has had before. */
  readonly detail: { readonly id: string };
}

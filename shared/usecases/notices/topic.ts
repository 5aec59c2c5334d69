import type { BusEvent, StepEvent } from "../../domain/notices/bus-event.ts";
import type { NoticePlan } from "../../domain/notices/notice.ts";
import type { NoticeRecord } from "../../domain/notices/notice-record.ts";

/** The stored facts about a subject, as far as messages and events show them. */
export interface Topic {
  /** Every step of the subject, oldest first. */
  readonly events: () => Promise<readonly StepEvent[]>;
  /** The prompts that are due at an instant. ISO 8601 UTC. */
  readonly prompts: (now: string) => readonly BusEvent[];
  /** The messages that should exist at an instant, after these were sent. ISO 8601 UTC. */
  readonly plan: (now: string, sent: NoticeRecord["sent"]) => NoticePlan;
  /** Other subjects whose messages depend on this one. */
  readonly others?: () => Promise<readonly string[]>;
}

import type { CallFailed } from "../../ports/access-entries.ts";
import type { MessageHold } from "../../ports/message-hold.ts";

/** What an invocation of converge allows, and where its facts go. */
export interface ConvergeRun {
  /** How many milliseconds are left before the invocation is cut off. */
  readonly millisLeft: () => number;
  readonly hold: MessageHold;
  /** How long its message waited in the queue before it was first taken; 0 unless said. */
  readonly waitedSeconds?: number;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

/** What of a failed call goes into a log line. */
export const factsOf = (error: CallFailed) => ({
  operation: error.record.operation,
  failure: error.failure,
  code: error.code,
  detail: error.message,
  requestId: error.record.requestId,
});

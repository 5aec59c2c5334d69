import type { CallFailed } from "../../ports/access-entries.ts";
import type { MessageHold } from "../../ports/message-hold.ts";

/** The limits of one invocation of converge, and where it logs. */
export interface ConvergeRun {
  /** Milliseconds until the invocation is cut off. */
  readonly millisLeft: () => number;
  readonly hold: MessageHold;
  /**
   * Whether the message says that it is a drift check; false by default. Such a run extends its message only before
   * its first change: most find nothing to change. The tables decide its work all the same.
   */
  readonly isDriftCheck?: boolean;
  /** How long the message waited in the queue before it was first received; 0 by default. */
  readonly waitedSeconds?: number;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

/** Another run has the message. This one makes no change. */
export class MessageLost extends Error {
  override readonly name = "MessageLost";
}

/** The facts of a failed call that are logged. */
export const factsOf = (error: CallFailed) => ({
  operation: error.record.operation,
  failure: error.failure,
  code: error.code,
  detail: error.message,
  requestId: error.record.requestId,
});

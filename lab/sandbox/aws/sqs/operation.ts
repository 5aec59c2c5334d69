import type { Call, Caller } from "../service.ts";
import type { Store } from "../store.ts";
import type { SqsState } from "./state.ts";

/** The context of every operation of SQS. */
export interface SqsContext {
  readonly sqs: Store<SqsState>;
  readonly account: string;
  readonly region: string;
  readonly awsUrl: string;
  /** Milliseconds since 1970. A long poll reads it again while it waits. */
  readonly now: () => number;
  /** Asked when a receive gives something out: `ReceiveOptions.overlap` of the queue, for its caller. */
  readonly overlap: (caller: Caller) => number | undefined;
  /** When queues were deleted, by name. */
  readonly deletedAt: Map<string, number>;
}

export type Handler = (context: SqsContext, call: Call) => unknown;

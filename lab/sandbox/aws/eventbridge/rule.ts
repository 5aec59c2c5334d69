import type { EventPattern } from "./event-pattern.ts";

/** A rule with an event pattern, switched on. */
export interface EventRule {
  readonly name: string;
  readonly arn: string;
  /** The bus it is on; `default` for AWS's own events. */
  readonly busName: string;
  readonly pattern: EventPattern;
  readonly targets: readonly EventTarget[];
}

export interface EventTarget {
  /** The ARN of a queue, a function or another event bus. */
  readonly arn: string;
  /** The role with which EventBridge sends to another bus. */
  readonly roleArn?: string;
  /** A queue that gets what could not be delivered. */
  readonly deadLetterArn?: string;
  /** Present only for FIFO queues. */
  readonly messageGroupId?: string;
}

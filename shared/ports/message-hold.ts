/** The message that a run of converge handles. */
export interface MessageHold {
  /**
   * Extends the message's visibility, so that no other run of its group starts before this one
   * ends. A throttled invocation may start when its message is about to become visible again.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
   *
   * @returns false only if the queue says that the receipt is no longer valid. Another run then has
   *   the message, and this one must stop. Any other error counts as held, because access must be
   *   removed even if the queue is down.
   */
  extend(): Promise<boolean>;
}

/** The message that a run of converge works on. */
export interface MessageHold {
  /**
   * Extends the message's visibility, so that no other run of its group starts before this one is
   * over. A throttled invocation may start when its message is about to become visible again.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
   *
   * @returns false only where the queue says that the receipt is not valid any more: another run
   *   has the message, and this one must do nothing. Any other error counts as held, since an outage
   *   of the queue is no reason to leave access.
   */
  extend(): Promise<boolean>;
}

/** The queue in front of notify. Messages of one request are taken in order. */
export interface NotifyQueue {
  /** Wakes notify for a request; each call is a message of its own. */
  wake(requestId: string): Promise<void>;

  /** As `wake`, but at most one message per request and `turn`, a text that names it, in five minutes. */
  wakeOnce(requestId: string, turn: string): Promise<void>;
}

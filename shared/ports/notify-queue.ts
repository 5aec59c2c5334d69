/** The queue in front of notify. Messages of one subject are taken in order. */
export interface NotifyQueue {
  /** Wakes notify for a request or a finding, as `subject.ts` names it; each call is a message of its own. */
  wake(subject: string): Promise<void>;

  /** As `wake`, but at most one message per subject and `turn`, a text that names it, in five minutes. */
  wakeOnce(subject: string, turn: string): Promise<void>;
}

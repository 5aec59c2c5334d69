/** One invocation: how long it may last, and where it says what went wrong. */
export interface NotifyRun {
  readonly millisLeft: () => number;
  readonly log: (message: string, facts: object) => void;
}

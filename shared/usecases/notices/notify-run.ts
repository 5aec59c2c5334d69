/** One invocation: its time limit, and its log. */
export interface NotifyRun {
  readonly millisLeft: () => number;
  readonly log: (message: string, facts: object) => void;
}

/** One invocation of correlate: where it logs. */
export interface CorrelateRun {
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

/** One invocation that looks for calls in CloudTrail, and the milliseconds that it has left. */
export interface LookRun extends CorrelateRun {
  readonly millisLeft: () => number;
}

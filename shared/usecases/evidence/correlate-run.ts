/** One invocation of correlate: where it logs. */
export interface CorrelateRun {
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

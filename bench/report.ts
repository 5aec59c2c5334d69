/** What a suite found. */
export interface Report {
  /** For people. */
  readonly lines: readonly string[];
  /** For programs: the JSON's members. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Whether everything is within its bounds; what has none is. */
  readonly holds: boolean;
}

/** What a suite is asked to do; each takes what concerns it. */
export interface SuiteOptions {
  /** Less of it, in about a minute. */
  readonly quick: boolean;
  /** How far reads of EKS may be behind. */
  readonly lagSeconds: number;
}

/** Measures, and says on the way what it does. */
export type Suite = (progress: (line: string) => void, options: SuiteOptions) => Promise<Report>;

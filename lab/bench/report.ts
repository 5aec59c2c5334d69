/** The result of a suite. */
export interface Report {
  /** The lines for people. */
  readonly lines: readonly string[];
  /** For programs: members of the JSON object. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Whether every figure is within its bound. Figures without a bound are. */
  readonly holds: boolean;
}

/** Options of all suites. Each suite uses those that apply to it. */
interface SuiteOptions {
  /** Runs fewer storms, or a smaller load. */
  readonly quick: boolean;
  /** How far reads of EKS may be behind. */
  readonly lagSeconds: number;
}

/** Measures, and reports its progress line by line. */
export type Suite = (progress: (line: string) => void, options: SuiteOptions) => Promise<Report>;

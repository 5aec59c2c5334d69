/** What a suite found. */
export interface Report {
  /** For people. */
  readonly lines: readonly string[];
  /** For programs: the JSON's members. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Whether everything is within its bounds; what has none is. */
  readonly holds: boolean;
}

/** Measures, and says on the way what it does. */
export type Suite = (progress: (line: string) => void) => Promise<Report>;

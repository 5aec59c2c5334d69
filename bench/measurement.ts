/** One measured figure: always a median, of `samples` measurements. */
export interface Measurement {
  /** `apiRequestWarm`: its name in the JSON. */
  readonly name: string;
  /** What it is, for people. */
  readonly what: string;
  readonly median: number;
  readonly unit: "ms" | "calls/s";
  readonly samples: number;
}

/** Measures, and says on the way what it does. */
export type Suite = (progress: (line: string) => void) => Promise<readonly Measurement[]>;

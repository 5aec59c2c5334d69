import type { Report } from "./report.ts";

/** One measured figure: the median of `samples` measurements. */
export interface Measurement {
  /** `apiRequestWarm`: its name in the JSON. */
  readonly name: string;
  /** The name of the figure, for people. */
  readonly what: string;
  readonly median: number;
  readonly unit: "ms" | "calls/s";
  readonly samples: number;
}

/** A report of figures that have no bound. */
export const reportOf = (measured: readonly Measurement[]): Report => ({
  lines: measured.map(
    ({ what, median, unit, samples }) =>
      `${what.padEnd(52)} ${String(median).padStart(8)} ${unit.padEnd(8)} (median of ${samples})`,
  ),
  facts: Object.fromEntries(
    measured.map(({ name, median, unit, samples }) => [name, { median, unit, samples }]),
  ),
  holds: true,
});

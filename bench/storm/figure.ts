import { rounded } from "../statistics.ts";

/** One figure of a storm, and its bound. */
export interface Figure {
  /** `lastEnd.n100.r20`: its name in the JSON. */
  readonly name: string;
  /** What it is, for people. */
  readonly what: string;
  readonly value: number;
  readonly bound: number;
  readonly unit: "s" | "calls" | "reads" | "grants" | "%";
}

/** Whether the value is within its bound. NaN and Infinity never are. */
export const holds = ({ value, bound }: Figure): boolean => value <= bound;

export const figureLine = (figure: Figure): string => {
  const { what, value, bound, unit } = figure;
  return [
    what.padEnd(64),
    String(rounded(value)).padStart(7),
    `≤ ${rounded(bound)} ${unit}`.padEnd(16),
    holds(figure) ? "holds" : "FAILS",
  ].join(" ");
};

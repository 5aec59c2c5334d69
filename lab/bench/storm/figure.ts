import { rounded } from "../statistics.ts";

/** One figure, and its bound. */
export interface Figure {
  /** `lastEnd.n100.r20`: its name in the JSON. */
  readonly name: string;
  /** The name of the figure, for people. */
  readonly what: string;
  readonly value: number;
  /** The most that it may be; null where any value will do. */
  readonly bound: number | null;
  readonly unit:
    | "s"
    | "ms"
    | "times"
    | "calls"
    | "reads"
    | "grants"
    | "messages"
    | "events"
    | "items"
    | "MB"
    | "USD"
    | "%";
}

/** Whether the value is within its bound. NaN and Infinity never are. */
export const holds = ({ value, bound }: Figure): boolean =>
  bound === null ? Number.isFinite(value) : value <= bound;

export const figureLine = (figure: Figure): string => {
  const { what, value, bound, unit } = figure;
  return [
    what.padEnd(64),
    String(rounded(value)).padStart(7),
    (bound === null ? unit : `≤ ${rounded(bound)} ${unit}`).padEnd(16),
    bound === null ? "" : holds(figure) ? "holds" : "FAILS",
  ]
    .join(" ")
    .trimEnd();
};

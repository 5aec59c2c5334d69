import type { Report } from "./report.ts";
import { rounded } from "./statistics.ts";
import { type Figure, figureLine, holds } from "./storm/figure.ts";

/** A report of figures with bounds, and how many of these hold. @param facts more members of the JSON */
export function boundsReport(
  figures: readonly Figure[],
  how: string,
  facts: Readonly<Record<string, unknown>>,
): Report {
  const bounded = figures.filter(({ bound }) => bound !== null);
  const kept = bounded.filter(holds).length;
  const all = figures.every(holds);
  return {
    lines: [...figures.map(figureLine), `${kept} of ${bounded.length} bounds hold${how}`],
    facts: {
      ...facts,
      holds: all,
      figures: Object.fromEntries(figures.map((figure) => [figure.name, factsOf(figure)])),
    },
    holds: all,
  };
}

const factsOf = (figure: Figure) => ({
  value: rounded(figure.value),
  bound: figure.bound === null ? null : rounded(figure.bound),
  unit: figure.unit,
  holds: holds(figure),
});

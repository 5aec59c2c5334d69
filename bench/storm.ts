/** Whether access ends in time when everything ends at once, or EKS throttles or is down. */
import type { Report, Suite } from "./report.ts";
import { rounded } from "./statistics.ts";
import { type Figure, figureLine, holds } from "./storm/figure.ts";
import { PILE, playPile } from "./storm/pile.ts";
import { play, SCENARIOS } from "./storm/scenarios.ts";

export const benchStorm: Suite = async (progress, { quick, lagSeconds }): Promise<Report> => {
  const figures: Figure[] = [];
  for (const scenario of SCENARIOS.filter(({ isQuick }) => isQuick || !quick)) {
    progress(scenario.title);
    figures.push(...(await play(scenario, lagSeconds)));
  }
  progress(`${PILE.grants} grants piled on one binding`);
  figures.push(await playPile({ ...PILE, lagSeconds }));
  const kept = figures.filter(holds).length;
  return {
    lines: [
      ...figures.map(figureLine),
      `${kept} of ${figures.length} bounds hold, in virtual time`,
    ],
    facts: {
      lagSeconds,
      holds: kept === figures.length,
      figures: Object.fromEntries(
        figures.map((figure) => {
          const { name, value, bound, unit } = figure;
          return [
            name,
            { value: rounded(value), bound: rounded(bound), unit, holds: holds(figure) },
          ];
        }),
      ),
    },
    holds: kept === figures.length,
  };
};

/** Whether access ends in time when everything ends at once, or EKS throttles or is down. */
import { boundsReport } from "./bounds-report.ts";
import type { Report, Suite } from "./report.ts";
import type { Figure } from "./storm/figure.ts";
import { PILE, playPile } from "./storm/pile.ts";
import { play, SCENARIOS } from "./storm/scenarios.ts";

export const benchStorm: Suite = async (progress, { quick, lagSeconds }): Promise<Report> => {
  const figures: Figure[] = [];
  for (const scenario of SCENARIOS.filter(({ isQuick }) => isQuick || !quick)) {
    progress(scenario.title);
    figures.push(...(await play(scenario, lagSeconds)));
  }
  progress("as many grants on one binding as its entry takes");
  figures.push(await playPile({ ...PILE, lagSeconds }));
  return boundsReport(figures, ", in virtual time", { lagSeconds });
};

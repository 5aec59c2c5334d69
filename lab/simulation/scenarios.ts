/**
 * Situations that random seeds reach too seldom, each played on a whole broker in memory. A scenario
 * answers whether its rule holds.
 */
import { ADMISSION } from "./scenarios/admission.ts";
import { CLOCKS } from "./scenarios/clocks.ts";
import { DELEGATIONS } from "./scenarios/delegations.ts";
import { DELETIONS } from "./scenarios/deletions.ts";
import { EVIDENCE } from "./scenarios/evidence.ts";
import { EXPLANATIONS } from "./scenarios/explanations.ts";
import { NOTICES } from "./scenarios/notices.ts";
import { OTHERS } from "./scenarios/others.ts";
import { RACES } from "./scenarios/races.ts";
import { READS } from "./scenarios/reads.ts";

export const SCENARIOS = {
  ...ADMISSION,
  ...CLOCKS,
  ...DELEGATIONS,
  ...DELETIONS,
  ...EVIDENCE,
  ...EXPLANATIONS,
  ...NOTICES,
  ...OTHERS,
  ...RACES,
  ...READS,
} as const satisfies Readonly<Record<string, () => Promise<boolean>>>;

export type ScenarioName = keyof typeof SCENARIOS;

/**
 * Situations that random seeds reach too seldom, each played on a whole broker in memory. A scenario
 * answers whether its rule holds.
 */
import { ADMISSION } from "./admission.ts";
import { CLOCKS } from "./clocks.ts";
import { DELEGATIONS } from "./delegations.ts";
import { DELETIONS } from "./deletions.ts";
import { EVIDENCE } from "./evidence.ts";
import { EXPLANATIONS } from "./explanations.ts";
import { NOTICES } from "./notices.ts";
import { OTHERS } from "./others.ts";
import { RACES } from "./races.ts";
import { READS } from "./reads.ts";

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

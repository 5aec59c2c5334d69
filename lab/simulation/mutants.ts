/**
 * Protocols that are broken on purpose, each in one way. The simulation must catch every one. If it
 * does not, an invariant is too weak or the simulated world has too few faults.
 */
import { ASKING } from "./mutants/asking.ts";
import { BEGINNINGS } from "./mutants/beginnings.ts";
import { CLAIMS } from "./mutants/claims.ts";
import { DELEGATIONS } from "./mutants/delegations.ts";
import { DELETIONS } from "./mutants/deletions.ts";
import { ENDINGS } from "./mutants/endings.ts";
import { EVIDENCE } from "./mutants/evidence.ts";
import { EXPLANATIONS } from "./mutants/explanations.ts";
import { EXTENSIONS } from "./mutants/extensions.ts";
import { FENCE } from "./mutants/fence.ts";
import { FORGED } from "./mutants/forged.ts";
import { OF_HARDSHIPS } from "./mutants/hardships.ts";
import { KNOWLEDGE } from "./mutants/knowledge.ts";
import type { Mutant } from "./mutants/mutant.ts";
import { NOTICES } from "./mutants/notices.ts";
import { OTHERS } from "./mutants/others.ts";
import { PROOFS } from "./mutants/proofs.ts";
import { STOPS } from "./mutants/stops.ts";
import { TERMS } from "./mutants/terms.ts";
import { WORK } from "./mutants/work.ts";

export const MUTANTS: readonly Mutant[] = [
  ...ASKING,
  ...BEGINNINGS,
  ...CLAIMS,
  ...DELEGATIONS,
  ...DELETIONS,
  ...ENDINGS,
  ...EVIDENCE,
  ...EXPLANATIONS,
  ...EXTENSIONS,
  ...FENCE,
  ...FORGED,
  ...KNOWLEDGE,
  ...NOTICES,
  ...OF_HARDSHIPS,
  ...OTHERS,
  ...PROOFS,
  ...STOPS,
  ...TERMS,
  ...WORK,
];

/**
 * Protocols that are broken on purpose, each in one way. The simulation must catch every one. If it
 * does not, an invariant is too weak or the simulated world has too few faults.
 */
import { ASKING } from "./asking.ts";
import { BEGINNINGS } from "./beginnings.ts";
import { CLAIMS } from "./claims.ts";
import { DELEGATIONS } from "./delegations.ts";
import { DELETIONS } from "./deletions.ts";
import { ENDINGS } from "./endings.ts";
import { EVIDENCE } from "./evidence.ts";
import { EXPLANATIONS } from "./explanations.ts";
import { EXTENSIONS } from "./extensions.ts";
import { FENCE } from "./fence.ts";
import { FORGED } from "./forged.ts";
import { OF_HARDSHIPS } from "./hardships.ts";
import { KNOWLEDGE } from "./knowledge.ts";
import { OF_MACHINES } from "./machines.ts";
import { MESSAGES } from "./messages.ts";
import type { Mutant } from "./mutant.ts";
import { NOTICES } from "./notices.ts";
import { OTHERS } from "./others.ts";
import { PROOFS } from "./proofs.ts";
import { OF_SHIFTS } from "./shifts.ts";
import { STOPS } from "./stops.ts";
import { TERMS } from "./terms.ts";
import { OF_TICKETS } from "./tickets.ts";
import { WORK } from "./work.ts";

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
  ...MESSAGES,
  ...NOTICES,
  ...OF_HARDSHIPS,
  ...OF_MACHINES,
  ...OF_SHIFTS,
  ...OF_TICKETS,
  ...OTHERS,
  ...PROOFS,
  ...STOPS,
  ...TERMS,
  ...WORK,
];

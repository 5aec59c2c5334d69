/** Names of finders, and the roles whose work each leans on: whoever has such a role may keep it from finding anything. */
import type { Role } from "./rights.ts";

/** First those that run by themselves, then commands, then comparisons by hand. */
export const FINDERS = [
  "alarm",
  "finding",
  "standing",
  "late",
  "witness",
  "verify",
  "export",
  "report",
  "log",
  "EKS",
  "use",
  "bus",
  "told",
  "kept",
] as const;
export type Finder = (typeof FINDERS)[number];

/** An administrator of the account may keep all from finding anything that runs, or is kept, in the account. */
export const LEANS_ON: Readonly<Record<Finder, readonly Role[]>> = {
  alarm: ["archive", "administrator"],
  finding: ["correlate", "administrator"],
  standing: ["standing", "administrator"],
  late: ["sweep", "administrator"],
  witness: [],
  verify: [],
  export: ["administrator"],
  report: [],
  log: ["administrator"],
  EKS: ["administrator"],
  use: ["administrator"],
  bus: ["notify", "administrator"],
  told: ["notify", "administrator"],
  kept: ["administrator"],
};

/** The faults of one call. */
import type { CallSite } from "./call-site.ts";

const FAULT_NAMES = [
  "throttled",
  "crashBefore",
  "crashAfter",
  "unansweredApplied",
  "unansweredLate",
  "slow",
  "conflict",
] as const;

export type CallFault = (typeof FAULT_NAMES)[number];

/** In the order in which one draw decides between them: another order changes every seed. */
export const CALL_FAULTS: readonly CallFault[] = FAULT_NAMES;

/** Whether a fault can strike a call: only writes land late, and only transactions conflict. */
export const isPossible = (fault: CallFault, { writes, meets }: CallSite): boolean =>
  fault === "conflict" ? meets !== null : fault !== "unansweredLate" || writes;

import type { Stage } from "../stage.ts";
import { anySpan } from "./hardship.ts";

/**
 * Whether Scheduler takes fuses. It documents no EKS targets, so that it may refuse them for good from
 * some time on.
 */
export function fuseTaker({ hardships, startedAt, time, tally }: Stage): () => boolean {
  if (!hardships.has("fusesRefused")) return () => true;
  const from = hardships.random.chance(0.5)
    ? startedAt
    : anySpan(hardships.random, startedAt, 1).from;
  return () => {
    if (time.now < from) return true;
    tally.meets("fusesRefused");
    return false;
  };
}

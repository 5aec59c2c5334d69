/** Scenarios: what becomes of access while evidence cannot be stored. */
import { memoryBroker } from "../../fakes/memory-broker.ts";
import { simulate } from "../simulate.ts";
import { removalsIn } from "./removals.ts";

/** How many removals a life has, where the absence of evidence changes none of them; undefined where it does. */
export async function removalsWithoutEvidence(seed: number): Promise<number | undefined> {
  const healthy = removalsIn(await simulate(seed, { evidence: "healthy" }));
  const absent = removalsIn(await simulate(seed, { evidence: "absent" }));
  return JSON.stringify(healthy) === JSON.stringify(absent) ? healthy.length : undefined;
}

const SEEDS = [2, 4, 10, 12, 18] as const;

export const EVIDENCE = {
  /** The same lives with and without: access ends at the same instants. */
  "no call is stored, and CloudTrail shows nothing": async () => {
    for (const seed of SEEDS) if ((await removalsWithoutEvidence(seed)) === undefined) return false;
    return true;
  },

  /** The store answers nothing from a grant's last minute on. */
  "the store of evidence fails when a grant ends": async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    for (const site of ["evidence.intents", "evidence.putIntent", "evidence.putCall"] as const)
      broker.breakPort(site, new Error("down"));
    await broker.end(grant, "return");
    await broker.converge().catch(() => undefined);
    return broker.entries.peek(broker.addressOf()) === undefined;
  },
};

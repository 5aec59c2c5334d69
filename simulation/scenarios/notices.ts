/** Scenarios: what becomes of access while notices cannot be delivered. */
import { type SimulationResult, simulate } from "../simulate.ts";

const REMOVALS: ReadonlySet<string> = new Set([
  "DisassociateAccessPolicy",
  "DeleteAccessEntry",
  "UpdateAccessEntry",
  "AssociateAccessPolicy",
]);

/** Each change of an entry that may remove access, with its instant. An Associate may narrow a scope. */
const removalsIn = ({ changes }: SimulationResult): readonly string[] =>
  changes
    .filter(({ operation }) => REMOVALS.has(operation))
    .map(({ operation, at, sessionName }) => `${at} ${operation} ${sessionName}`);

/** How many removals a life has, where Slack's absence changes none of them; undefined where it does. */
export async function removalsWithoutSlack(seed: number): Promise<number | undefined> {
  const healthy = removalsIn(await simulate(seed, { slack: "healthy" }));
  const absent = removalsIn(await simulate(seed, { slack: "absent" }));
  return JSON.stringify(healthy) === JSON.stringify(absent) ? healthy.length : undefined;
}

const SEEDS = [2, 4, 10, 12, 18] as const;

export const NOTICES = {
  /** The same lives with and without Slack: access ends at the same instants. */
  "Slack does not answer for an hour": async () => {
    for (const seed of SEEDS) if ((await removalsWithoutSlack(seed)) === undefined) return false;
    return true;
  },
};

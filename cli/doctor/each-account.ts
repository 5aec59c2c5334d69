import type { CheckResult, Patient } from "./check-result.ts";
import type { AccountSight } from "./sights.ts";

/** Looks at the broker's account and at each other one that can be reached. */
export async function eachAccount(
  { account, broker, others }: Patient,
  look: (account: string, sight: AccountSight) => Promise<readonly CheckResult[]>,
): Promise<readonly CheckResult[]> {
  const all = [[account, broker] as const, ...others];
  const found = await Promise.all(
    all.map(([name, sight]) => (sight ? look(name, sight) : Promise.resolve([]))),
  );
  return found.flat();
}

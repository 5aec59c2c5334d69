import type { AccountSight } from "./sights.ts";

/** Names without a role in the account. */
export async function missingOf(
  sight: AccountSight,
  names: readonly string[],
): Promise<readonly string[]> {
  const missing: string[] = [];
  // One after the other: IAM has one limit of calls for the whole account.
  for (const name of names) if (!(await sight.role(name))) missing.push(name);
  return missing;
}

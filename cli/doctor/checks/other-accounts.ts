import { type Check, type CheckResult, ill, well } from "../check-result.ts";
import type { AccountSight } from "../sights.ts";

/** Other accounts with clusters can be looked at, and are what their credentials say. */
export const otherAccounts: Check = {
  name: "other-accounts",
  needs: ["sts:GetCallerIdentity"],
  look: ({ others }) => Promise.all([...others].map(([account, sight]) => reached(account, sight))),
};

async function reached(account: string, sight: AccountSight | undefined): Promise<CheckResult> {
  const give = `name a profile of it: --account ${account}=<profile>`;
  if (!sight) return ill("nobody looked: there are no credentials for it", give, account);
  const found = (await sight.caller()).account;
  return found === account
    ? well("reached", account)
    : ill(`its profile is of account ${found}`, give, account);
}

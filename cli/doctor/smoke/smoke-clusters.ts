/** The clusters that a smoke test may touch: named ones of the policy, and no other. */
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { clusterOf } from "../../../shared/domain/values/arn.ts";
import { Failure } from "../../failures/failure.ts";
import type { AccountSight } from "../sights.ts";
import type { SmokeCluster } from "./stage.ts";

/** @throws Failure `usage` for a name that the policy does not lend on */
export function smokeClusters(
  { clusters }: AccessPolicy,
  names: readonly string[],
): readonly SmokeCluster[] {
  return [...new Set(names)].map((name) => {
    const found = Object.hasOwn(clusters, name) ? clusters[name] : undefined;
    if (!found || found.retired)
      throw refused(
        `access.yaml has no cluster ${name} that is not retired.`,
        `choose from ${Object.keys(clusters).join(", ")}.`,
      );
    return { name, arn: found.arn, at: clusterOf(found.arn) };
  });
}

/**
 * Each is there and takes access entries, before anything is made.
 *
 * @param sightOf of an account; undefined without credentials
 * @throws Failure `usage`; Unread
 */
export async function demandFit(
  clusters: readonly SmokeCluster[],
  sightOf: (account: string) => AccountSight | undefined,
): Promise<void> {
  for (const { name, arn, at } of clusters) {
    const sight = sightOf(at.account);
    if (!sight)
      throw refused(
        `${name} is in account ${at.account}, and nobody gave credentials for it.`,
        `name a profile: --account ${at.account}=<profile>.`,
      );
    const { account } = await sight.caller();
    if (account !== at.account)
      throw refused(
        `The credentials for account ${at.account} are of account ${account}.`,
        "correct --account, or sign in to the other account.",
      );
    const found = await sight.cluster(arn);
    if (!found) throw refused(`EKS knows no ${arn}.`, "correct its arn in access.yaml.");
    if (!found.mode?.startsWith("API") || found.status !== "ACTIVE")
      throw refused(
        `${name} has authentication mode ${found.mode ?? "none"} and status ${found.status ?? "unknown"}.`,
        "name a cluster that is ACTIVE and takes access entries.",
      );
  }
}

const refused = (what: string, next: string) =>
  new Failure("usage", "unfit-cluster", {
    what,
    notDone: "Nothing was made.",
    next: [`Next: ${next}`],
  });

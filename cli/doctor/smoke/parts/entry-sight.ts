import { TAG_MANAGED_BY } from "../../../../shared/domain/entries/ledger.ts";
import { accessPolicyName, clusterOf } from "../../../../shared/domain/values/arn.ts";
import type { SmokeClients } from "../../aws/smoke-clients.ts";
import { unlessAbsent } from "../refusal.ts";
import type { EntrySight } from "./smoke-sight.ts";

/** The access entry as EKS shows it now. Undefined if EKS shows no entry. */
export async function entrySight(
  clients: SmokeClients,
  clusterArn: string,
  principalArn: string,
): Promise<EntrySight | undefined> {
  const client = await clients.eks();
  const address = { clusterName: clusterOf(clusterArn).name, principalArn };
  const found = await unlessAbsent(() => client.describeAccessEntry(address));
  if (!found?.accessEntry) return undefined;
  const { paginateListAssociatedAccessPolicies } = await import("@aws-sdk/client-eks");
  const policies: EntrySight["policies"][number][] = [];
  for await (const page of paginateListAssociatedAccessPolicies({ client }, address))
    for (const { policyArn = "", accessScope } of page.associatedAccessPolicies ?? [])
      policies.push({
        name: accessPolicyName(policyArn),
        namespaces: accessScope?.type === "cluster" ? null : (accessScope?.namespaces ?? []),
      });
  return { isOurs: TAG_MANAGED_BY in (found.accessEntry.tags ?? {}), policies };
}

import { TAG_MANAGED_BY } from "../../../../shared/domain/entries/ledger.ts";
import { accessPolicyName, clusterOf } from "../../../../shared/domain/values/arn.ts";
import type { SmokeClients } from "../../aws/smoke-clients.ts";
import { unlessAbsent } from "../refusal.ts";

/** A smoke test's view of EKS: the access entry of one principal on one cluster. */
export interface SmokeSight {
  /** Undefined if it does not exist. @throws Unread */
  entry(clusterArn: string, principalArn: string): Promise<EntrySight | undefined>;
}

export interface EntrySight {
  /** Whether it has the tag of Timelatch's own entries. */
  readonly isOurs: boolean;
  readonly policies: readonly {
    /** Its name, such as `AmazonEKSViewPolicy`. */
    readonly name: string;
    /** Null for the whole cluster. */
    readonly namespaces: readonly string[] | null;
  }[];
}

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

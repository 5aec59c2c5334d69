/** EKS's facts about who may enter a cluster, as its authenticator and authorizer read them. */
import { settledState } from "../aws/eks/settle.ts";
import type { AccessEntry, AuthenticationMode, EksState } from "../aws/eks/state.ts";
import type { Store } from "../aws/store.ts";
import type { Association } from "./access-policies.ts";

export interface ClusterAccess {
  readonly authenticationMode: AuthenticationMode;
  readonly entries: readonly AccessEntry[];
}

/** A cluster's access at an instant. A deleted cluster lets nobody in. */
export function clusterAccess(eks: Store<EksState>, name: string, now: Date): ClusterAccess {
  const cluster = settledState(eks, now).clusters[name];
  if (cluster === undefined) return { authenticationMode: "API", entries: [] };
  const { authenticationMode, entries } = cluster;
  return { authenticationMode, entries: Object.values(entries) };
}

/** All associations of the cluster's entries; in CONFIG_MAP entries mean nothing. */
export function associationsOf({
  authenticationMode,
  entries,
}: ClusterAccess): readonly Association[] {
  if (authenticationMode === "CONFIG_MAP") return [];
  return entries.flatMap(({ principalArn, principalId, policies }) =>
    Object.values(policies).map(({ policyArn, accessScope }) => ({
      principalArn,
      principalId,
      policyArn,
      accessScope,
    })),
  );
}

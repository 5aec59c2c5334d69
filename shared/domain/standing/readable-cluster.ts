import type { PolicyCluster } from "../policy/policy.ts";
import { clusterOf } from "../values/arn.ts";

/** Why nobody reads a cluster's standing access; undefined if somebody does. */
export function whyUnread(
  { arn, retired }: Pick<PolicyCluster, "arn" | "retired">,
  brokerAccount: string,
): "retired" | "other-account" | undefined {
  if (retired) return "retired";
  return clusterOf(arn).account === brokerAccount ? undefined : "other-account";
}

export const isReadable = (
  cluster: Pick<PolicyCluster, "arn" | "retired">,
  brokerAccount: string,
): boolean => whyUnread(cluster, brokerAccount) === undefined;

/**
 * Facts about a cluster, for code that may not call EKS. Converge looks it up from time to time and
 * stores it. Decisions based on it only refuse or warn.
 */

/** https://docs.aws.amazon.com/eks/latest/userguide/setting-up-access-entries.html */
export type AuthenticationMode = "CONFIG_MAP" | "API_AND_CONFIG_MAP" | "API";

/** A cluster as EKS describes it. A recreated cluster has the same ARN and a later `createdAt`. */
export interface ClusterDescription {
  readonly createdAt: string;
  readonly authenticationMode: AuthenticationMode;
}

export interface ClusterFacts {
  readonly clusterArn: string;
  /** Null if the cluster does not exist. */
  readonly description: ClusterDescription | null;
  /** When EKS was asked. */
  readonly checkedAt: string;
}

/** Why a cluster cannot hold access entries, and what to do about it; undefined if it can. */
export function obstacleOf(
  name: string,
  { description }: Pick<ClusterFacts, "description">,
): { readonly code: "cluster-gone" | "authentication-mode"; readonly detail: string } | undefined {
  if (description === null)
    return {
      code: "cluster-gone",
      detail:
        "EKS knows no such cluster. Nothing more was added there; correct access.yaml, or mark the cluster as retired there.",
    };
  if (description.authenticationMode !== "CONFIG_MAP") return undefined;
  return {
    code: "authentication-mode",
    detail: `The cluster's authentication mode is CONFIG_MAP, which takes no access entries. Nothing more was added there. Whoever runs the cluster changes the mode with: aws eks update-cluster-config --name ${name} --access-config authenticationMode=API_AND_CONFIG_MAP (Timelatch sees it within minutes)`,
  };
}

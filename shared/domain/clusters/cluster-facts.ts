/**
 * What is known of a cluster, for those who may not ask EKS themselves. Converge looks from time
 * to time and writes it down; what is decided on it only ever refuses or warns.
 */

/** https://docs.aws.amazon.com/eks/latest/userguide/setting-up-access-entries.html */
export type AuthenticationMode = "CONFIG_MAP" | "API_AND_CONFIG_MAP" | "API";

/** A cluster as EKS describes it. A successor under the same ARN is younger. */
export interface ClusterDescription {
  readonly createdAt: string;
  readonly authenticationMode: AuthenticationMode;
}

export interface ClusterFacts {
  readonly clusterArn: string;
  /** Null where there is no such cluster. */
  readonly description: ClusterDescription | null;
  /** When EKS was asked. */
  readonly checkedAt: string;
}

/** Why a cluster can hold no access entry, and what to do about it; undefined where it can. */
export function obstacleOf(
  name: string,
  { description }: Pick<ClusterFacts, "description">,
): { readonly code: string; readonly detail: string } | undefined {
  if (description === null)
    return {
      code: "cluster-gone",
      detail:
        "EKS knows no such cluster. Nothing was changed; correct access.yaml, or retire the cluster there.",
    };
  if (description.authenticationMode !== "CONFIG_MAP") return undefined;
  return {
    code: "authentication-mode",
    detail: `The cluster's authentication mode is CONFIG_MAP, which takes no access entries. Nothing was changed. Whoever runs it moves it on with: aws eks update-cluster-config --name ${name} --access-config authenticationMode=API_AND_CONFIG_MAP (Timelatch sees it within minutes)`,
  };
}

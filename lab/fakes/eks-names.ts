import { type ClusterArn, parsePrincipalArn } from "../../shared/domain/values/arn.ts";
import type { EntryAddress } from "../../shared/ports/access-entries.ts";

export const arnOf = ({ partition, region, account, name }: ClusterArn) =>
  `arn:${partition}:eks:${region}:${account}:cluster/${name}`;

/** A principal on a cluster, as a map key. */
export const placeOf = ({ cluster, principalArn }: EntryAddress) =>
  `${arnOf(cluster)} ${principalArn}`;

/**
 * The ARN of the n-th entry.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html
 */
export function entryArn({ cluster, principalArn }: EntryAddress, n: number): string {
  const { kind = "role", account = "", name = "" } = parsePrincipalArn(principalArn) ?? {};
  const uuid = `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  return arnOf(cluster).replace(
    /:cluster\/.*/,
    `:access-entry/${cluster.name}/${kind}/${account}/${name}/${uuid}`,
  );
}

/**
 * The Kubernetes username that EKS generates for an entry. It lacks the role's path.
 * https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html
 */
export function defaultUsername({ principalArn }: EntryAddress): string {
  const { partition, account, kind, name } = parsePrincipalArn(principalArn) ?? {};
  if (kind !== "role") return principalArn;
  return `arn:${partition}:sts::${account}:assumed-role/${name}/{{SessionName}}`;
}

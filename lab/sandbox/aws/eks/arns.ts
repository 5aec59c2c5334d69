import { digestUuid } from "./digest.ts";
import { ownValue } from "./own-value.ts";
import { parsePrincipal } from "./principal.ts";
import type { AccessEntry, Cluster, EksState } from "./state.ts";

/** `arn:aws:eks:<region>:<account>:cluster/<name>` */
export function clusterArn(state: EksState, name: string): string {
  return `arn:aws:eks:${state.region}:${state.accountId}:cluster/${name}`;
}

/**
 * The ARN that the next entry of this principal would get:
 * `…:access-entry/<cluster>/<role|user>/<account>/<name without path>/<uuid>`.
 *
 * The UUID depends on the cluster's creation and the number of entries made in it. So the
 * permission check and the creation name the same ARN, and no ARN comes twice.
 */
export function nextEntryArn(state: EksState, clusterName: string, principalArn: string): string {
  const cluster = ownValue(state.clusters, clusterName);
  const principal = parsePrincipal(principalArn);
  const uuid = digestUuid(
    clusterName,
    cluster?.createdAt ?? "",
    cluster?.entriesCreated ?? 0,
    principalArn,
  );
  return [
    `arn:aws:eks:${state.region}:${state.accountId}:access-entry`,
    clusterName,
    principal?.kind ?? "role",
    principal?.accountId ?? state.accountId,
    principal?.name ?? "unknown",
    uuid,
  ].join("/");
}

/** A resource that can have tags: a cluster or an entry. */
export type Tagged =
  | { readonly kind: "cluster"; readonly cluster: Cluster; readonly holder: Cluster }
  | { readonly kind: "access-entry"; readonly cluster: Cluster; readonly holder: AccessEntry };

/** The resource that this ARN names, if it exists. */
export function findTagged(state: EksState, arn: string): Tagged | undefined {
  for (const cluster of Object.values(state.clusters)) {
    if (cluster.arn === arn) return { kind: "cluster", cluster, holder: cluster };
    const entry = Object.values(cluster.entries).find((each) => each.accessEntryArn === arn);
    if (entry !== undefined) return { kind: "access-entry", cluster, holder: entry };
  }
  return undefined;
}

/**
 * Clusters that a function of the hub reads itself, and the roles under which it reads those of
 * other accounts. Pure.
 */
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { clusterOf, type ReaderKind, readerRoleArn } from "../../shared/domain/values/arn.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import type { Topology } from "../synth/topology.ts";
import { allow } from "./statements.ts";

export interface ReaderReach {
  /** ARNs of clusters of the function's own account. */
  readonly own: readonly string[];
  /** ARNs of roles in other accounts. */
  readonly roles: readonly string[];
}

/**
 * @param clusters ARNs of what the function reads
 * @returns undefined where it reads nothing
 */
export function reachOf(
  kind: ReaderKind,
  clusters: readonly string[],
  { access, topology }: { readonly access: AccessPolicy; readonly topology: Topology },
): ReaderReach | undefined {
  if (clusters.length === 0) return undefined;
  const isOwn = (arn: string) => clusterOf(arn).account === topology.own;
  const remote = clusters.filter((arn) => !isOwn(arn)).map(clusterOf);
  return {
    own: clusters.filter(isOwn),
    roles: [
      ...new Set(remote.map((cluster) => readerRoleArn(cluster, kind, deploymentOf(access)))),
    ],
  };
}

/** Lets a function take its roles in other accounts, and no other. */
export const assumeReaders = ({ roles }: Pick<ReaderReach, "roles">) =>
  roles.length === 0 ? [] : [allow("AssumeReaders", ["sts:AssumeRole"], roles)];

import { secondsBetween } from "../values/instant.ts";

/**
 * EKS makes an entry for whoever creates a cluster, unless they ask it not to. No call says who that
 * was. An entry with AmazonEKSClusterAdminPolicy that is about as old as the cluster is probably it.
 * https://docs.aws.amazon.com/eks/latest/userguide/setting-up-access-entries.html
 */
const CREATOR_POLICY = "AmazonEKSClusterAdminPolicy";

/** A cluster takes some minutes to be made. */
const ABOUT_SECONDS = 3_600;

interface Entry {
  readonly kind: string;
  readonly createdAt: string;
  readonly policies: readonly {
    readonly policy: string;
    readonly scope: { readonly type: string };
  }[];
}

/** @param clusterCreatedAt when the cluster was made */
export const mayBeCreators = (entry: Entry, clusterCreatedAt: string): boolean =>
  entry.kind === "ordinary" &&
  secondsBetween(clusterCreatedAt, entry.createdAt) <= ABOUT_SECONDS &&
  entry.policies.some(({ policy, scope }) => policy === CREATOR_POLICY && scope.type === "cluster");

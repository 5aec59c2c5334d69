import type { Service } from "../service.ts";
import type { EksDependencies, EksOptions } from "./dependencies.ts";
import { emptyLists } from "./empty-lists.ts";
import {
  deleteAccessEntry,
  describeAccessEntry,
  listAccessEntries,
} from "./operations/access-entries.ts";
import { associateAccessPolicy } from "./operations/associate-access-policy.ts";
import {
  disassociateAccessPolicy,
  listAccessPolicies,
  listAssociatedAccessPolicies,
} from "./operations/associations.ts";
import { deleteCluster, describeCluster, listClusters } from "./operations/clusters.ts";
import { createAccessEntry } from "./operations/create-access-entry.ts";
import { createCluster } from "./operations/create-cluster.ts";
import { listTagsForResource, tagResource, untagResource } from "./operations/tags.ts";
import { updateAccessEntry } from "./operations/update-access-entry.ts";
import { updateClusterConfig } from "./operations/update-cluster-config.ts";
import { describeUpdate, listUpdates } from "./operations/updates.ts";
import { eksReads } from "./reads.ts";
import { EKS_ROUTES } from "./routes.ts";

/** Amazon EKS: clusters, their access entries and access policies. */
export function eksService(options: EksOptions): Service {
  const reads = eksReads(options.eks, {
    lagSeconds: options.readLagSeconds ?? 0,
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
  });
  const dependencies: EksDependencies = { ...options, eks: reads.eks, reads };
  return {
    name: "eks",
    protocol: { kind: "rest-json", routes: EKS_ROUTES, errorMember: "message" },
    operations: {
      CreateAccessEntry: createAccessEntry(dependencies),
      DescribeAccessEntry: describeAccessEntry(dependencies),
      ListAccessEntries: listAccessEntries(dependencies),
      UpdateAccessEntry: updateAccessEntry(dependencies),
      DeleteAccessEntry: deleteAccessEntry(dependencies),
      AssociateAccessPolicy: associateAccessPolicy(dependencies),
      DisassociateAccessPolicy: disassociateAccessPolicy(dependencies),
      ListAssociatedAccessPolicies: listAssociatedAccessPolicies(dependencies),
      ListAccessPolicies: listAccessPolicies(),
      CreateCluster: createCluster(dependencies),
      DescribeCluster: describeCluster(dependencies),
      ListClusters: listClusters(dependencies),
      DeleteCluster: deleteCluster(dependencies),
      UpdateClusterConfig: updateClusterConfig(dependencies),
      DescribeUpdate: describeUpdate(dependencies),
      ListUpdates: listUpdates(dependencies),
      TagResource: tagResource(dependencies),
      UntagResource: untagResource(dependencies),
      ListTagsForResource: listTagsForResource(dependencies),
      ...emptyLists(dependencies),
    },
  };
}

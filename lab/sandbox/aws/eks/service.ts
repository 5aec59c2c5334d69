import type { Service } from "../service.ts";
import type { EksDependencies, EksOptions } from "./dependencies.ts";
import { emptyLists } from "./empty-lists.ts";
import { associateAccessPolicy } from "./operations/associate-access-policy.ts";
import { createAccessEntry } from "./operations/create-access-entry.ts";
import { createCluster } from "./operations/create-cluster.ts";
import { deleteAccessEntry } from "./operations/delete-access-entry.ts";
import { deleteCluster } from "./operations/delete-cluster.ts";
import { describeAccessEntry } from "./operations/describe-access-entry.ts";
import { describeCluster } from "./operations/describe-cluster.ts";
import { describeUpdate } from "./operations/describe-update.ts";
import { disassociateAccessPolicy } from "./operations/disassociate-access-policy.ts";
import { listAccessEntries } from "./operations/list-access-entries.ts";
import { listAccessPolicies } from "./operations/list-access-policies.ts";
import { listAssociatedAccessPolicies } from "./operations/list-associated-access-policies.ts";
import { listClusters } from "./operations/list-clusters.ts";
import { listTagsForResource } from "./operations/list-tags-for-resource.ts";
import { listUpdates } from "./operations/list-updates.ts";
import { tagResource } from "./operations/tag-resource.ts";
import { untagResource } from "./operations/untag-resource.ts";
import { updateAccessEntry } from "./operations/update-access-entry.ts";
import { updateClusterConfig } from "./operations/update-cluster-config.ts";
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

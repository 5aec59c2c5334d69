import { loggingShape } from "./cluster-logging.ts";
import type { AccessEntry, AssociatedPolicy, Cluster, ClusterUpdate } from "./state.ts";

/** Shapes as they stand in EKS's answers. Instants are epoch seconds with a fraction. */

function epochSeconds(instant: string): number {
  return Date.parse(instant) / 1000;
}

export function accessEntryShape(clusterName: string, entry: AccessEntry) {
  return {
    clusterName,
    principalArn: entry.principalArn,
    kubernetesGroups: entry.kubernetesGroups,
    accessEntryArn: entry.accessEntryArn,
    createdAt: epochSeconds(entry.createdAt),
    modifiedAt: epochSeconds(entry.modifiedAt),
    tags: entry.tags,
    username: entry.username,
    type: entry.type,
  };
}

export function associatedPolicyShape(association: AssociatedPolicy) {
  return {
    policyArn: association.policyArn,
    accessScope: association.accessScope,
    associatedAt: epochSeconds(association.associatedAt),
    modifiedAt: epochSeconds(association.modifiedAt),
  };
}

export function clusterShape(cluster: Cluster) {
  return {
    name: cluster.name,
    arn: cluster.arn,
    createdAt: epochSeconds(cluster.createdAt),
    version: cluster.version,
    platformVersion: cluster.platformVersion,
    endpoint: cluster.endpoint,
    certificateAuthority: { data: cluster.certificateAuthority },
    status: cluster.status,
    accessConfig: {
      authenticationMode: cluster.authenticationMode,
      bootstrapClusterCreatorAdminPermissions: cluster.bootstrapClusterCreatorAdminPermissions,
    },
    logging: loggingShape(cluster),
    roleArn: cluster.roleArn,
    resourcesVpcConfig: cluster.resourcesVpcConfig,
    clientRequestToken: cluster.clientRequestToken,
    tags: cluster.tags,
  };
}

export function updateShape(update: ClusterUpdate) {
  return {
    id: update.id,
    status: update.status,
    type: update.type,
    params: update.params,
    createdAt: epochSeconds(update.createdAt),
    errors: [],
  };
}

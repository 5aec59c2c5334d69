import { DescribeClusterCommand } from "@aws-sdk/client-eks";
import { DEFAULT_DEPLOYMENT } from "../../domain/values/deployment.ts";
import { type AccessEntries, CallFailed } from "../../ports/access-entries.ts";
import { type AwsCallOptions, awsCaller } from "../calls/aws-call.ts";
import { type EksCaller, eksCaller } from "./eks-caller.ts";
import { eksEntryChanges } from "./eks-entry-changes.ts";
import { eksEntryReads } from "./eks-entry-reads.ts";
import type { GrantorSessions } from "./grantor-sessions.ts";
import { iamPrincipals } from "./iam-principals.ts";

/**
 * EKS access entries, and their principals in IAM, accessed with the grantor roles.
 * https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations_Amazon_Elastic_Kubernetes_Service.html
 *
 * @param deployment its name, which its entries carry
 */
export function eksAccessEntries(
  sessions: GrantorSessions,
  options: AwsCallOptions,
  deployment: string = DEFAULT_DEPLOYMENT,
): AccessEntries {
  const { now } = options.clock;
  const call = awsCaller(options);
  const eks = eksCaller(call, sessions);
  return {
    async prepare({ cluster }, session, role) {
      await sessions({ cluster, role, session }, async () => undefined);
    },
    ...eksEntryReads(eks, options),
    ...eksEntryChanges(eks, deployment),
    ...eksClusters(eks),
    ...iamPrincipals(call, sessions, now),
  };
}

const eksClusters = (eks: EksCaller): Pick<AccessEntries, "cluster"> => ({
  async cluster(cluster, session) {
    const command = new DescribeClusterCommand({ name: cluster.name });
    try {
      const { output } = await eks({ cluster }, session, "DescribeCluster", command, {
        isRead: true,
      });
      const { createdAt, accessConfig } = output.cluster ?? {};
      if (!createdAt) return undefined;
      // A cluster without this setting is older than access entries.
      const authenticationMode = accessConfig?.authenticationMode ?? "CONFIG_MAP";
      return { createdAt: createdAt.toISOString(), authenticationMode };
    } catch (error) {
      if (error instanceof CallFailed && error.code === "ClusterNotFound") return undefined;
      throw error;
    }
  },
});

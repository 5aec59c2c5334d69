import { DescribeClusterCommand } from "@aws-sdk/client-eks";
import type { STSClient } from "@aws-sdk/client-sts";
import { DEFAULT_DEPLOYMENT } from "../../domain/values/deployment.ts";
import { type AccessEntries, CallFailed } from "../../ports/access-entries.ts";
import { type AwsCallOptions, awsCaller } from "../calls/aws-call.ts";
import { type EksCaller, eksCaller } from "./eks-caller.ts";
import { eksEntryChanges } from "./eks-entry-changes.ts";
import { eksEntryReads } from "./eks-entry-reads.ts";
import { grantorSessions } from "./grantor-sessions.ts";
import { iamPrincipals } from "./iam-principals.ts";

/** How grantor roles are called and assumed. */
interface GrantorNames {
  /** The deployment's name, which its roles and entries carry. */
  readonly deployment?: string;
  /** What roles of other accounts ask for. */
  readonly externalId?: string;
}

/**
 * EKS access entries, and their principals in IAM, accessed with the grantor roles.
 * https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations_Amazon_Elastic_Kubernetes_Service.html
 */
export function eksAccessEntries(
  sts: STSClient,
  options: AwsCallOptions,
  { deployment = DEFAULT_DEPLOYMENT, externalId }: GrantorNames = {},
): AccessEntries {
  const { now } = options.clock;
  const call = awsCaller(options);
  const sessions = grantorSessions(sts, call, now, { deployment, externalId });
  const eks = eksCaller(call, sessions);
  return {
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

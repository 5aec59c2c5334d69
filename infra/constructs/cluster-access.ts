import { CfnOutput, Tags } from "aws-cdk-lib";
import type { CfnCluster } from "aws-cdk-lib/aws-eks";
import { Construct } from "constructs";

export interface TimelatchClusterAccessProps {
  readonly cluster: CfnCluster;
  /** The cluster's name in `access.yaml`. */
  readonly name: string;
  /**
   * Whether CloudFormation makes the cluster with this very change. Only then is the creator kept from
   * becoming an administrator: for a cluster that stands, that change would replace the cluster.
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-eks-cluster-accessconfig.html
   */
  readonly isNew: boolean;
}

/**
 * Prepares a cluster that is declared in CDK for Timelatch. Only access entries decide (mode
 * `API`), the audit log is on, and the cluster's creator gets no standing access. An output says
 * what to write into `access.yaml`, and a tag names the cluster.
 *
 * Leave `isNew` as it was for the life of the cluster. Mode `API` cannot be taken back, and a
 * principal that is only in aws-auth no longer gets in.
 */
export class TimelatchClusterAccess extends Construct {
  /** @throws Error where the cluster's own properties say the opposite */
  constructor(scope: Construct, id: string, { cluster, name, isNew }: TimelatchClusterAccessProps) {
    super(scope, id);
    refuseOtherLogging(cluster);
    cluster.addPropertyOverride("AccessConfig.AuthenticationMode", "API");
    if (isNew)
      cluster.addPropertyOverride("AccessConfig.BootstrapClusterCreatorAdminPermissions", false);
    cluster.addPropertyOverride(
      "Logging.ClusterLogging.EnabledTypes",
      [...new Set([...enabledTypes(cluster), "audit"])].sort().map((Type) => ({ Type })),
    );
    Tags.of(cluster).add("timelatch:cluster", name);
    new CfnOutput(this, "ClusterForAccessYaml", {
      value: `${name}: ${cluster.attrArn}`,
      description: "A line for clusters of access.yaml",
    });
  }
}

/** The logs that the cluster has on already. They stay on. */
function enabledTypes({ logging }: CfnCluster): readonly string[] {
  if (logging === undefined) return [];
  const { clusterLogging } = logging as CfnCluster.LoggingProperty;
  const { enabledTypes: types = [] } = (clusterLogging ?? {}) as CfnCluster.ClusterLoggingProperty;
  return (types as readonly CfnCluster.LoggingTypeConfigProperty[]).map(({ type }) => type ?? "");
}

function refuseOtherLogging({ logging, node }: CfnCluster): void {
  const isToken = (value: unknown) =>
    typeof value === "object" && value !== null && "resolve" in value;
  if (isToken(logging))
    throw new Error(
      `${node.path} has its logs in a token, which cannot be read now. Nothing was synthesized. Write them as an object.`,
    );
}

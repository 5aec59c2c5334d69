/** Where a cluster is, as EKS says. */
import type { ClusterArn } from "../../shared/domain/values/arn.ts";
import type { SessionKeys } from "../aws/session-cache.ts";
import { Failure } from "../failures/failure.ts";

/** Its endpoint, and its authority as PEM in base64. @throws Failure `refused` */
export async function describeCluster(
  { name, region }: Pick<ClusterArn, "name" | "region">,
  credentials: SessionKeys,
) {
  const { DescribeClusterCommand, EKSClient } = await import("@aws-sdk/client-eks");
  const eks = new EKSClient({ region, credentials: { ...credentials } });
  try {
    const { cluster } = await eks.send(new DescribeClusterCommand({ name }));
    const [server, certificateAuthority] = [cluster?.endpoint, cluster?.certificateAuthority?.data];
    if (!server || !certificateAuthority) throw new Error("EKS names no endpoint yet");
    return { server, certificateAuthority };
  } catch (error) {
    throw new Failure(
      "refused",
      "cluster-not-described",
      {
        what: `Cannot find the cluster ${name}: ${error instanceof Error ? error.message.replace(/\.?\s*$/, "") : error}.`,
        notDone: "Nothing was changed.",
        next: ["Next: your role needs eks:DescribeCluster on the cluster."],
      },
      { cause: error },
    );
  } finally {
    eks.destroy();
  }
}

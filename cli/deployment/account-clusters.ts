/** The clusters of an account and region, as EKS lists them. Every call only reads. */
import { Failure } from "../failures/failure.ts";
import { type ChosenCluster, policyName } from "./chosen-clusters.ts";

export interface ReadAccount {
  readonly account: string;
  readonly clusters: readonly ChosenCluster[];
}

/** @throws Failure `refused` where AWS refuses a call, or the region has no cluster */
export async function readAccountClusters(region: string): Promise<ReadAccount> {
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const { DescribeClusterCommand, EKSClient, paginateListClusters } = await import(
    "@aws-sdk/client-eks"
  );
  const [sts, eks] = [new STSClient({ region }), new EKSClient({ region })];
  try {
    const { Account: account = "" } = await sts.send(new GetCallerIdentityCommand({}));
    const clusters: ChosenCluster[] = [];
    for await (const { clusters: names = [] } of paginateListClusters({ client: eks }, {}))
      for (const name of names) {
        const { cluster } = await eks.send(new DescribeClusterCommand({ name }));
        const mode = cluster?.accessConfig?.authenticationMode;
        if (cluster?.arn)
          clusters.push({ name: policyName(name), arn: cluster.arn, ...(mode ? { mode } : {}) });
      }
    if (clusters.length === 0) throw new Error(`account ${account} has no cluster in ${region}`);
    return { account, clusters };
  } catch (error) {
    throw accountUnread(error, region);
  } finally {
    sts.destroy();
    eks.destroy();
  }
}

const accountUnread = (error: unknown, region: string) =>
  new Failure(
    "refused",
    "account-unread",
    {
      what: `Cannot read the clusters of ${region}: ${error instanceof Error ? error.message.replace(/\.?\s*$/, "") : error}.`,
      notDone: "Nothing was written.",
      next: [
        "Next: use credentials with eks:ListClusters and eks:DescribeCluster, or name each with --cluster.",
        "Check:  aws sts get-caller-identity",
      ],
    },
    { cause: error },
  );

/** Compares a policy with the last assembly: nothing that may still lend leaves the file. */
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { clusterOf } from "../../domain/values/arn.ts";
import { deploymentOf } from "../../domain/values/deployment.ts";
import { type AssemblyRecord, clusterUses } from "../assembly-record.ts";
import type { Fault } from "../yaml/located-yaml.ts";

/** Clusters of the earlier list that the later one has no more. Both are by ARN. Pure. */
export const departedClusters = (
  before: AssemblyRecord["clusters"],
  after: AssemblyRecord["clusters"],
): readonly string[] => Object.keys(before).filter((arn) => !Object.hasOwn(after, arn));

/**
 * A fault for each cluster of the last assembly that left without being retired, and for another name of the
 * deployment. Pure.
 */
export function departureFaults(
  access: AccessPolicy,
  { deployment, clusters }: Pick<AssemblyRecord, "deployment" | "clusters">,
): readonly Fault[] {
  const now = deploymentOf(access);
  if (deployment !== undefined && deployment !== now)
    return [{ path: ["deployment"], detail: renamedText(deployment, now) }];
  const uses = clusterUses(access);
  return departedClusters(clusters, uses)
    .filter((arn) => clusters[arn] !== "retired")
    .map((arn) => ({ path: ["clusters"], detail: departedText(arn, uses) }));
}

/** Names the account or the region too, where the cluster was the last one there. */
function departedText(arn: string, uses: AssemblyRecord["clusters"]): string {
  const { account, region } = clusterOf(arn);
  const others = Object.keys(uses).map(clusterOf);
  const inAccount = others.filter((one) => one.account === account);
  const last =
    inAccount.length === 0
      ? `, the last one of account ${account},`
      : inAccount.some((one) => one.region === region)
        ? ""
        : `, the last one in ${region} of account ${account},`;
  return `${arn}${last} was in the last assembly, and access may still be lent there. The file has it no more, so nothing could take that away. Write it again with retired: true, and deploy that. It may leave once nothing is lent there.`;
}

const renamedText = (before: string, now: string): string =>
  `The deployment was called ${before} in the last assembly, and is ${now} now. The stacks of ${before} would stay and go on lending, and nobody could change them. Write ${before} again. A second deployment has a folder of its own.`;

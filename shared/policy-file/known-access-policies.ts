/** The access policies of EKS by name, so that a misspelt one is found before anything is deployed. */

/** The day of the list. AWS adds policies; a rule may name a newer one with `newerPolicies`. */
export const KNOWN_AS_OF = "2026-11-24";

/**
 * What `aws eks list-access-policies` answers. The list has no documented page of its own.
 * https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html
 */
export const KNOWN_ACCESS_POLICIES: readonly string[] = [
  "AIDevOpsAgentAccessPolicy",
  "AWSBackupFullAccessPolicyForBackup",
  "AWSBackupFullAccessPolicyForRestore",
  "AmazonAIOpsAssistantPolicy",
  "AmazonARCRegionSwitchScalingPolicy",
  "AmazonEKSACKPolicy",
  "AmazonEKSAdminPolicy",
  "AmazonEKSAdminViewPolicy",
  "AmazonEKSArgoCDClusterPolicy",
  "AmazonEKSArgoCDPolicy",
  "AmazonEKSAutoNodePolicy",
  "AmazonEKSBlockStorageClusterPolicy",
  "AmazonEKSBlockStoragePolicy",
  "AmazonEKSClusterAdminPolicy",
  "AmazonEKSClusterInsightsPolicy",
  "AmazonEKSComputeClusterPolicy",
  "AmazonEKSComputePolicy",
  "AmazonEKSEditPolicy",
  "AmazonEKSEventPolicy",
  "AmazonEKSHybridPolicy",
  "AmazonEKSKROPolicy",
  "AmazonEKSLoadBalancingClusterPolicy",
  "AmazonEKSLoadBalancingPolicy",
  "AmazonEKSNetworkingClusterPolicy",
  "AmazonEKSNetworkingPolicy",
  "AmazonEKSPodIdentityPolicy",
  "AmazonEKSSecretAdminPolicy",
  "AmazonEKSSecretReaderPolicy",
  "AmazonEKSViewPolicy",
  "AmazonEMRJobPolicy",
  "AmazonSagemakerHyperpodClusterPolicy",
  "AmazonSagemakerHyperpodControllerPolicy",
  "AmazonSagemakerHyperpodInferencePolicy",
  "AmazonSagemakerHyperpodSpacePolicy",
  "AmazonSagemakerHyperpodSpaceTemplatePolicy",
  "AmazonSagemakerHyperpodSystemNamespacePolicy",
  "AmazonSagemakerHyperpodTrainingPolicy",
  "AmazonSagemakerHyperpodUserClusterPolicy",
];

/** The known policy whose name is closest to a text: what was probably meant. */
export function nearestAccessPolicy(text: string): string {
  const byDistance = KNOWN_ACCESS_POLICIES.map((name) => ({
    name,
    edits: editsBetween(text, name),
  }));
  return byDistance.toSorted((a, b) => a.edits - b.edits)[0]?.name ?? "";
}

/** How many characters must be put, taken or replaced to make one text the other (Levenshtein). */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [at, char] of [...one.toLowerCase()].entries()) {
    const next = [at + 1];
    for (const [to, wanted] of [...other.toLowerCase()].entries())
      next.push(
        Math.min(
          (row[to] ?? 0) + Number(char !== wanted),
          (row[to + 1] ?? 0) + 1,
          (next[to] ?? 0) + 1,
        ),
      );
    row = next;
  }
  return row[other.length] ?? 0;
}

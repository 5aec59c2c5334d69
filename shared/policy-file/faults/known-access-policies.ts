/** The access policies of EKS by name, so that a misspelt one is found before anything is deployed. */

import { policyMeantBy } from "../../domain/values/nearest-text.ts";

/** The day of the list. AWS adds policies; a rule may name a newer one with `newerPolicies`. */
export const KNOWN_AS_OF = "2026-11-24";

/**
 * The answer of `aws eks list-access-policies`. The list has no documented page of its own.
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

/** The known policy that a misspelt text probably means; undefined where every name is far away. */
export const meantAccessPolicy = (text: string): string | undefined =>
  policyMeantBy(text, KNOWN_ACCESS_POLICIES);

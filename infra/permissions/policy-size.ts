/**
 * How IAM counts the characters of policies.
 * Limits: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */

/** IAM's limits for one role. White space does not count. */
export const IAM_LIMITS = {
  /** Characters of all inline policies of a role together. */
  inline: 10_240,
  /** Characters of a managed policy. */
  managed: 6_144,
  /** Managed policies of a role, unless the account's quota is raised. */
  managedPolicies: 10,
  /** Characters of a role's trust policy, unless the quota is raised. */
  trust: 2_048,
} as const;

/** The text of a policy around its statements. */
export const WRAPPER = '{"Version":"2012-10-17","Statement":[]}'.length;

/** The ARN of a role with the longest name. It stands for whatever only deployment knows. */
export const LONGEST_ROLE = `arn:aws-us-gov:iam::${"0".repeat(12)}:role/${"x".repeat(64)}`;
const TOKEN = /\$\{Token\[[^\]]*\]\}/g;

/** Characters as JSON without white space. A token of the CDK counts at its longest. */
export const charactersOf = (value: unknown): number =>
  JSON.stringify(value).replaceAll(TOKEN, LONGEST_ROLE).length;

import { Aws } from "aws-cdk-lib";
import { roleNameOf } from "../synth/deployment-names.ts";

/**
 * The parts of the names of all roles that the broker's stack makes for itself, in the broker's account. Nothing is
 * ever lent to them. Stacks of other accounts name them before they exist.
 */
export const BROKER_ROLES = [
  "api",
  "converge",
  "sweep",
  "notify",
  "slack",
  "correlate",
  "archive",
  "activity",
  "standing",
  "outside",
  "schedule",
] as const;

/** The same of the roles that every account with clusters may have. */
const FAR_ROLES = [
  ...["grantor", "grantor-groups", "forward", "fuse"],
  ...["standing-reads", "activity-reads", "correlate-reads"],
] as const;

/**
 * Patterns of their ARNs, in whatever account: one for each role, however many accounts there are, since policies have
 * little room. ArnEquals takes wildcards, as ArnLike does.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export const remoteRoleArns = (deployment: string): readonly string[] =>
  FAR_ROLES.map((part) => `arn:${Aws.PARTITION}:iam::*:role/${roleNameOf(deployment, part)}`);

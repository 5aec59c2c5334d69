/** AWS managed policies that roles of the template may carry, by ARN (AWS Managed Policy Reference). */
import type { JsonObject } from "./json.ts";

const allow = (Action: string | readonly string[]): JsonObject => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*" }],
});

const LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

export const MANAGED_POLICIES: Readonly<Record<string, JsonObject>> = {
  "arn:aws:iam::aws:policy/AWSCloudFormationReadOnlyAccess": allow(
    ["Describe*", "EstimateTemplateCost", "Get*", "List*", "ValidateTemplate", "Detect*"].map(
      (name) => `cloudformation:${name}`,
    ),
  ),
  "arn:aws:iam::aws:policy/AdministratorAccess": allow("*"),
  // Only those of its hundreds of services that the sandbox has and that CDK looks things up in.
  "arn:aws:iam::aws:policy/ReadOnlyAccess": allow(
    ["cloudformation", "cloudtrail", "eks", "iam", "s3", "ssm"].flatMap((service) =>
      ["Describe", "Get", "List", "Lookup"].map((verb) => `${service}:${verb}*`),
    ),
  ),
  "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole": allow(LOGS),
};

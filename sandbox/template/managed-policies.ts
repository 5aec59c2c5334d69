/** AWS managed policies that roles of the template may carry, by ARN (AWS Managed Policy Reference). */
import type { JsonObject } from "./json.ts";

const LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

export const MANAGED_POLICIES: Readonly<Record<string, JsonObject>> = {
  "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole": {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: LOGS, Resource: "*" }],
  },
};

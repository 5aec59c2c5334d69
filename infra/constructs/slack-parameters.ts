import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";

/**
 * Where an operator puts the secrets of the Slack app, as SecureStrings under the account's own key.
 * CloudFormation cannot make such parameters, and a secret in a template would not be one.
 */
export const slackParameters = (deployment: string) => ({
  botToken: `/${deployment}/slack/bot-token`,
  signingSecret: `/${deployment}/slack/signing-secret`,
});

/** The ARN of a parameter, in the stack's account and region. */
export const parameterArn = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({
    service: "ssm",
    resource: "parameter",
    resourceName: name.replace(/^\//, ""),
  });

import type { Construct } from "constructs";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { slackStatements } from "../permissions/function-statements.ts";
import { askOutside } from "../permissions/outside-statements.ts";
import type { StackSettings } from "../synth/settings.ts";
import { BrokerFunction } from "./broker-function.ts";
import { frontEnvironment, type Parts } from "./function-environments.ts";
import { parameterArn, slackParameters } from "./slack-parameters.ts";

export interface SlackFunctionProps {
  readonly settings: StackSettings;
  readonly access: AccessPolicy;
  readonly accessFile: string;
}

/** The function that answers Slack. Undefined unless access.yaml names a Slack workspace. */
export function slackFunction(
  scope: Construct,
  { settings, access, accessFile }: SlackFunctionProps,
  parts: Parts,
): BrokerFunction | undefined {
  if (!access.slack) return undefined;
  const { tables, queue, notifyQueue, outside } = parts;
  const parameters = slackParameters(deploymentOf(access));
  const secrets = Object.values(parameters).map((name) => parameterArn(scope, name));
  return new BrokerFunction(scope, "SlackFunction", {
    name: "slack",
    timeoutSeconds: 10,
    // Slack waits three seconds, and Lambda gives processor time by memory.
    memoryMegabytes: 1024,
    environment: {
      ...frontEnvironment(settings, parts),
      SLACK_BOT_TOKEN_PARAMETER: parameters.botToken,
      SLACK_SIGNING_SECRET_PARAMETER: parameters.signingSecret,
    },
    settings,
    accessFile,
    statements: [
      ...slackStatements(tables, { converge: queue, notify: notifyQueue }, secrets),
      ...askOutside(outside),
    ],
  });
}

/** The emulated Slack, with the secrets that are in Parameter Store. */
import { createServer, type Server } from "node:http";
import type { Logs } from "../process/logs.ts";
import { homeOf } from "../process/place-stores.ts";
import type { SandboxState } from "../process/state.ts";
import { slackPort } from "../slack/port.ts";
import { BOT_TOKEN_PARAMETER, SIGNING_SECRET_PARAMETER } from "../world/slack-secrets.ts";
import { SLACK_WORKSPACE } from "../world/slack-workspace.ts";

export interface SlackServerOptions {
  readonly state: SandboxState;
  readonly logs: Logs;
  /** The server's own address. */
  readonly slackUrl: string;
  /** The stack's HTTP API, which Slack calls. */
  readonly appUrl: string;
}

export interface SlackServer {
  readonly server: Server;
  readonly addresses: {
    readonly slackPageUrl: string;
    readonly slackSigningSecret: string;
  };
}

export function slackServer({ state, logs, slackUrl, appUrl }: SlackServerOptions): SlackServer {
  const keep = logs.open("slack-calls");
  const parameter = (name: string) => homeOf(state).ssm.state.parameters[name]?.value;
  const server = createServer(
    slackPort({
      store: state.slack,
      directory: SLACK_WORKSPACE,
      slackUrl,
      appUrl,
      // Read at each call, so that an operator's change counts at once.
      botToken: () => parameter(BOT_TOKEN_PARAMETER),
      signingSecret: () => parameter(SIGNING_SECRET_PARAMETER),
      onCall: (call) => keep(JSON.stringify(call)),
    }),
  );
  const addresses = {
    slackPageUrl: `${slackUrl}/?token=${state.slack.state.pageToken}`,
    slackSigningSecret: parameter(SIGNING_SECRET_PARAMETER) ?? "",
  };
  return { server, addresses };
}

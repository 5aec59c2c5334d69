/** The media in which notify delivers, as far as the policy uses them. */
import { SSMClient } from "@aws-sdk/client-ssm";
import type { NotifyConfig } from "../config.ts";
import type { NotifyPorts } from "../ports/function-ports.ts";
import { requestLinks } from "../slack/request-links.ts";
import { type SlackMessengerPorts, slackMessenger } from "../slack/slack-messenger.ts";
import { slackWebApi } from "../slack/slack-web-api.ts";
import { FEW_ATTEMPTS } from "./calls/client-settings.ts";
import { sesCall } from "./ses/ses-call.ts";
import { sesSender } from "./ses/ses-sender.ts";
import { ssmSecret } from "./ssm/secrets.ts";

/**
 * Nobody waits for notify as for a click's answer. A message that is given up may be posted all the same, and its
 * repetition is a second copy.
 */
const SLACK_MS = 8_000;
/** A message goes without its link where Slack does not say it in this time. */
const LINK_MS = 1_000;

type Common = Pick<NotifyPorts, "policy" | "clock" | "pause">;

export function noticeMedia(
  ports: Common,
  config: NotifyConfig,
  {
    notices,
    ...stores
  }: Pick<SlackMessengerPorts, "pace" | "places"> & Pick<NotifyPorts, "notices">,
): Pick<NotifyPorts, "messenger" | "email" | "notices"> {
  const { policy, clock } = ports;
  const { email } = policy.notices ?? {};
  const ssm = new SSMClient(FEW_ATTEMPTS);
  const token = ssmSecret(ssm, config.slackBotTokenParameter, clock);
  const to = { token, baseUrl: config.slackApiUrl };
  const api = slackWebApi({ ...to, timeoutMs: SLACK_MS });
  const links = requestLinks(notices, slackWebApi({ ...to, timeoutMs: LINK_MS }));
  // The role's credentials and its region, as every client of the SDK finds them.
  const { credentials, region } = ssm.config;
  const call = sesCall({ credentials, region, endpoint: config.awsEndpoint });
  return {
    notices: policy.slack ? links.notices : notices,
    messenger: policy.slack && slackMessenger({ ...ports, ...stores, links, api }),
    email: email && sesSender({ policy, email, call }),
  };
}

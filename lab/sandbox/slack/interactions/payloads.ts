/** The requests of Slack to an app, field by field: docs.slack.dev, interactivity and events. */
import { randomBytes } from "node:crypto";
import type { JsonObject } from "../blocks/check.ts";
import { type Directory, directChannel, directUser, type SlackUser } from "../directory.ts";
import type { MessageMetadata, SlackContext, StoredMessage } from "../state.ts";

/** A request to the app, before it is signed. */
export interface AppRequest {
  /** Below the app's address. */
  readonly path: "/slack/commands" | "/slack/interactivity" | "/slack/options" | "/slack/events";
  readonly contentType: string;
  readonly body: string;
}

/** Deprecated in favour of signatures; apps are not to look at it. */
const VERIFICATION_TOKEN = "sandbox-verification-token";
const FORM = "application/x-www-form-urlencoded";

export const interactivity = (payload: JsonObject): AppRequest => ({
  path: payload["type"] === "block_suggestion" ? "/slack/options" : "/slack/interactivity",
  contentType: FORM,
  body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
});

const event = (body: JsonObject): AppRequest => ({
  path: "/slack/events",
  contentType: "application/json",
  body: JSON.stringify(body),
});

const domainOf = (directory: Directory, user: SlackUser) =>
  user.teamId === directory.teamId ? directory.teamDomain : `team-${user.teamId.toLowerCase()}`;

export function channelName(directory: Directory, id: string): string {
  if (directUser(directory, id)) return "directmessage";
  return directory.channels.find((channel) => channel.id === id)?.name ?? "privategroup";
}

/** The first fields of every interactive payload. */
export const common = (directory: Directory, user: SlackUser) => ({
  team: { id: user.teamId, domain: domainOf(directory, user) },
  user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
  api_app_id: directory.app.id,
  token: VERIFICATION_TOKEN,
  enterprise: null,
  is_enterprise_install: false,
});

export function slashCommand(
  directory: Directory,
  user: SlackUser,
  given: {
    readonly channel: string;
    readonly command: string;
    readonly text: string;
    readonly triggerId: string;
    readonly responseUrl: string;
  },
): AppRequest {
  const form = new URLSearchParams({
    token: VERIFICATION_TOKEN,
    team_id: user.teamId,
    team_domain: domainOf(directory, user),
    channel_id: given.channel,
    channel_name: channelName(directory, given.channel),
    user_id: user.id,
    user_name: user.name,
    command: given.command,
    text: given.text,
    api_app_id: directory.app.id,
    is_enterprise_install: "false",
    response_url: given.responseUrl,
    trigger_id: given.triggerId,
  });
  return { path: "/slack/commands", contentType: FORM, body: form.toString() };
}

/** The wrapper of every event. https://docs.slack.dev/apis/events-api */
function eventCallback(
  { directory, now }: Pick<SlackContext, "directory" | "now">,
  teamId: string,
  inner: JsonObject,
): AppRequest {
  return event({
    token: VERIFICATION_TOKEN,
    team_id: teamId,
    context_team_id: teamId,
    context_enterprise_id: null,
    api_app_id: directory.app.id,
    event: inner,
    type: "event_callback",
    event_id: `Ev${randomBytes(5).toString("hex").toUpperCase()}`,
    event_time: Math.floor(now().getTime() / 1_000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: directory.teamId,
        user_id: directory.app.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  });
}

export const appHomeOpened = (
  slack: Pick<SlackContext, "directory" | "now">,
  user: SlackUser,
  view: JsonObject | undefined,
): AppRequest =>
  eventCallback(slack, user.teamId, {
    type: "app_home_opened",
    user: user.id,
    channel: directChannel(user.id),
    tab: "home",
    ...(view ? { view } : {}),
    event_ts: (slack.now().getTime() / 1_000).toFixed(6),
  });

/** https://docs.slack.dev/reference/events/message_metadata_posted */
export function messageMetadataPosted(
  slack: Pick<SlackContext, "directory" | "now">,
  { channel, ts }: Pick<StoredMessage, "channel" | "ts">,
  { eventType, payload }: MessageMetadata,
): AppRequest {
  const { app, teamId } = slack.directory;
  return eventCallback(slack, teamId, {
    type: MESSAGE_METADATA_POSTED,
    app_id: app.id,
    bot_id: app.botId,
    user_id: app.userId,
    team_id: teamId,
    channel_id: channel,
    metadata: { event_type: eventType, event_payload: payload },
    message_ts: ts,
    event_ts: ts,
  });
}

export const MESSAGE_METADATA_POSTED = "message_metadata_posted";

export const urlVerification = (): AppRequest =>
  event({
    token: VERIFICATION_TOKEN,
    challenge: randomBytes(20).toString("hex"),
    type: "url_verification",
  });

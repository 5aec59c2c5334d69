/** https://docs.slack.dev/reference/methods/chat.getPermalink: the address of a message. It needs no scope. */
import { directUser } from "../directory.ts";
import { SlackError } from "../slack-error.ts";
import type { SlackContext, StoredMessage } from "../state.ts";
import { type MethodCall, requiredText, type SlackMethod } from "./method.ts";

/** Slack's page says "hundreds of requests per minute": this is the fewest. */
const HUNDREDS = { perMinute: 200 };

/** Slack's addresses begin with `https://<workspace>.slack.com`. */
const linkTo = ({ slackUrl }: SlackContext, { channel, ts, threadTs }: StoredMessage): string => {
  const link = `${slackUrl}/archives/${channel}/p${ts.replace(".", "")}`;
  return threadTs === undefined ? link : `${link}?thread_ts=${threadTs}&cid=${channel}`;
};

function getPermalink({ args, slack }: MethodCall) {
  const channel = requiredText(args, "channel");
  const ts = requiredText(args, "message_ts");
  if (!isSeen(slack, channel)) throw new SlackError("channel_not_found");
  const found = slack.store.state.messages.find(
    (each) => each.channel === channel && each.ts === ts && each.onlyFor === undefined,
  );
  if (!found) throw new SlackError("message_not_found");
  return { channel, permalink: linkTo(slack, found) };
}

/** A private channel is unknown to everybody outside it. */
function isSeen({ directory }: SlackContext, id: string): boolean {
  if (directUser(directory, id)) return true;
  const channel = directory.channels.find((each) => each.id === id);
  return (
    channel !== undefined && (!channel.isPrivate || channel.members.includes(directory.app.userId))
  );
}

export const LINK_METHODS: Readonly<Record<string, SlackMethod>> = {
  "chat.getPermalink": {
    args: { channel: "text", message_ts: "text" },
    limit: HUNDREDS,
    run: getPermalink,
  },
};

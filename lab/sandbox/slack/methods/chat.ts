/** https://docs.slack.dev/reference/methods?filter=chat: messages of the app. */
import { canBeWritten, type Directory, directChannel, directUser, userOf } from "../directory.ts";
import { SlackError } from "../slack-error.ts";
import { newTs, type SlackContext, type StoredMessage } from "../state.ts";
import { messageContent, shownMessage } from "./message-content.ts";
import { messageMetadata } from "./message-metadata.ts";
import {
  type MethodCall,
  optionalText,
  requiredText,
  type SlackMethod,
  TIER_3,
  TIER_4,
} from "./method.ts";

const isParent = (channel: string, ts: string) => (message: StoredMessage) =>
  message.channel === channel && message.ts === ts && message.onlyFor === undefined;

function post({ args, slack }: MethodCall) {
  const channel = writableChannel(slack.directory, requiredText(args, "channel"));
  const content = messageContent(args);
  const metadata = messageMetadata(args["metadata"]);
  const threadTs = optionalText(args, "thread_ts");
  if (threadTs !== undefined && !slack.store.state.messages.some(isParent(channel, threadTs)))
    // Inferred: Slack's page names no error for a thread that is not there.
    throw new SlackError("thread_not_found");
  const message = slack.store.change((state) => {
    const made: StoredMessage = {
      channel,
      ts: newTs(state, slack.now()),
      user: slack.directory.app.userId,
      ...content,
      edited: false,
      ...(threadTs === undefined ? {} : { threadTs }),
      ...(metadata === undefined ? {} : { metadata }),
    };
    state.messages.push(made);
    return made;
  });
  return { channel, ts: message.ts, message: shownMessage(slack, message) };
}

/** Puts `message` in the place of the one with its channel and time. */
export function replaceMessage(slack: SlackContext, message: StoredMessage): void {
  slack.store.change((state) => {
    state.messages = state.messages.map((each) =>
      each.channel === message.channel && each.ts === message.ts ? message : each,
    );
  });
}

function update({ args, slack }: MethodCall) {
  const channel = requiredText(args, "channel");
  // Unlike chat.postMessage, this takes no person in place of a channel.
  if (userOf(slack.directory, channel)) throw new SlackError("channel_not_found");
  writableChannel(slack.directory, channel);
  const ts = requiredText(args, "ts");
  const before = slack.store.state.messages.find(isParent(channel, ts));
  if (!before) throw new SlackError("message_not_found");
  if (before.user !== slack.directory.app.userId) throw new SlackError("cant_update_message");
  const content = messageContent(args);
  const after = { ...before, ...content, edited: true };
  replaceMessage(slack, after);
  return { channel, ts, text: content.text, message: shownMessage(slack, after) };
}

function postEphemeral({ args, slack }: MethodCall) {
  const channel = writableChannel(slack.directory, requiredText(args, "channel"));
  const user = requiredText(args, "user");
  const members = slack.directory.channels.find(({ id }) => id === channel)?.members;
  if (members && !members.includes(user)) throw new SlackError("user_not_in_channel");
  if (!members && writableChannel(slack.directory, user) !== channel)
    throw new SlackError("user_not_in_channel");
  const content = messageContent(args);
  const ts = slack.store.change((state) => {
    const at = newTs(state, slack.now());
    const by = slack.directory.app.userId;
    state.messages.push({ channel, ts: at, user: by, ...content, edited: false, onlyFor: user });
    return at;
  });
  return { message_ts: ts };
}

/** https://docs.slack.dev/reference/methods/chat.delete: a bot deletes its own messages only. */
function remove({ args, slack }: MethodCall) {
  const channel = requiredText(args, "channel");
  if (userOf(slack.directory, channel)) throw new SlackError("channel_not_found");
  writableChannel(slack.directory, channel);
  const ts = requiredText(args, "ts");
  const message = slack.store.state.messages.find(isParent(channel, ts));
  if (!message) throw new SlackError("message_not_found");
  if (message.user !== slack.directory.app.userId) throw new SlackError("cant_delete_message");
  slack.store.change((state) => {
    state.messages = state.messages.filter((each) => each !== message);
  });
  return { channel, ts };
}

const CONTENT = { channel: "text", text: "text", blocks: "json" } as const;

export const CHAT_METHODS: Readonly<Record<string, SlackMethod>> = {
  "chat.postMessage": {
    args: {
      ...CONTENT,
      thread_ts: "text",
      unfurl_links: "flag",
      unfurl_media: "flag",
      metadata: "json",
    },
    limit: { perSecondAndChannel: 1 },
    run: post,
  },
  "chat.update": { args: { ...CONTENT, ts: "text" }, limit: TIER_3, run: update },
  "chat.delete": { args: { channel: "text", ts: "text" }, limit: TIER_3, run: remove },
  "chat.postEphemeral": { args: { ...CONTENT, user: "text" }, limit: TIER_4, run: postEphemeral },
};

/**
 * The channel that the app may write to: `C…`, `D…`, or the direct messages of a `U…`.
 * @throws SlackError `channel_not_found`, `not_in_channel`, `is_archived`
 */
function writableChannel(directory: Directory, id: string): string {
  const person = userOf(directory, id) ?? directUser(directory, id);
  if (person) {
    // Inferred: the page of chat.postMessage names no other error for such a person.
    if (!canBeWritten(directory, person)) throw new SlackError("channel_not_found");
    return directChannel(person.id);
  }
  const channel = directory.channels.find((each) => each.id === id);
  const isMember = channel?.members.includes(directory.app.userId) ?? false;
  // A private channel is unknown to everybody outside it.
  if (!channel || (channel.isPrivate && !isMember)) throw new SlackError("channel_not_found");
  if (!isMember) throw new SlackError("not_in_channel");
  if (channel.isArchived) throw new SlackError("is_archived");
  return channel.id;
}

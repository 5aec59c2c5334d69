/** The content of a message, which chat methods and response URLs share. */
import { messageBlocks } from "../blocks/blocks.ts";
import type { JsonObject } from "../blocks/check.ts";
import { withMissingIds } from "../missing-ids.ts";
import { SlackError } from "../slack-error.ts";
import type { SlackContext, StoredMessage } from "../state.ts";
import { refuse } from "./method.ts";

/** https://docs.slack.dev/reference/methods/chat.update: longer texts are refused. */
const MOST_TEXT = 4_000;
/**
 * All blocks together, as JSON. Not published: about 13,200 characters were refused
 * (slackapi/bolt-js#2509).
 */
const MOST_BLOCKS_TEXT = 13_000;

export interface MessageContent {
  readonly text: string;
  readonly blocks: readonly JsonObject[];
}

/**
 * The content that arguments ask for.
 * @throws SlackError `no_text`, `msg_too_long`, `invalid_blocks`, `msg_blocks_too_long`
 */
export function messageContent(args: JsonObject): MessageContent {
  const { text = "", blocks = [] } = args;
  if (text === "" && Array.isArray(blocks) && blocks.length === 0) throw new SlackError("no_text");
  if (String(text).length > MOST_TEXT) throw new SlackError("msg_too_long");
  refuse("invalid_blocks", messageBlocks(blocks, "/blocks"));
  if (JSON.stringify(blocks).length > MOST_BLOCKS_TEXT) throw new SlackError("msg_blocks_too_long");
  return { text: String(text), blocks: withMissingIds(blocks) };
}

/** A message as Slack's answers and payloads show it. */
export function shownMessage(
  { directory }: Pick<SlackContext, "directory">,
  message: StoredMessage,
): JsonObject {
  const { app, teamId } = directory;
  return {
    type: "message",
    user: message.user,
    ts: message.ts,
    ...(message.user === app.userId ? { bot_id: app.botId, app_id: app.id } : {}),
    team: teamId,
    text: message.text,
    blocks: message.blocks,
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    // Slack shows "edited" only for texts, not for a message with blocks.
    ...(message.edited && message.blocks.length === 0
      ? { edited: { user: message.user, ts: message.ts } }
      : {}),
  };
}

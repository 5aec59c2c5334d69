/** https://docs.slack.dev/interactivity/handling-user-interaction: five posts within 30 minutes. */
import { randomBytes } from "node:crypto";
import { isObject, type JsonObject } from "./blocks/check.ts";
import { replaceMessage } from "./methods/chat.ts";
import { messageContent } from "./methods/message-content.ts";
import { SlackError } from "./slack-error.ts";
import { newTs, type SlackContext, type StoredResponseUrl } from "./state.ts";

const VALID_MS = 30 * 60_000;
const MOST_POSTS = 5;
/** After this time an address is forgotten. */
const REMEMBERED_MS = 2 * VALID_MS;

const MEMBERS = [
  "text",
  "blocks",
  "response_type",
  "replace_original",
  "delete_original",
  "thread_ts",
];

/** The place of the message that an interaction is in. */
export interface ResponsePlace {
  readonly userId: string;
  readonly channel: string;
  /** Absent for a command. */
  readonly messageTs?: string;
}

/** @returns the last part of a new response URL's path */
export function newResponseUrl({ store, now }: SlackContext, place: ResponsePlace): string {
  const at = now().getTime();
  const secret = randomBytes(18).toString("base64url");
  store.change((state) => {
    state.responseUrls = Object.fromEntries(
      Object.entries(state.responseUrls).filter(([, url]) => at - url.issuedAt < REMEMBERED_MS),
    );
    state.responseUrls[secret] = { ...place, issuedAt: at, posts: 0 };
  });
  return secret;
}

/**
 * Carries out a post to a response URL.
 * @throws SlackError `expired_url`, `used_url`, `invalid_payload`, or the content's fault
 */
export function postToResponseUrl(slack: SlackContext, secret: string, body: unknown): void {
  const { store, now } = slack;
  const urls = store.state.responseUrls;
  const url = Object.hasOwn(urls, secret) ? urls[secret] : undefined;
  if (!url || now().getTime() - url.issuedAt > VALID_MS) throw new SlackError("expired_url");
  if (url.posts >= MOST_POSTS) throw new SlackError("used_url");
  if (!isObject(body)) throw new SlackError("invalid_payload");
  const unknown = Object.keys(body).filter((name) => !MEMBERS.includes(name));
  if (unknown.length > 0)
    throw new SlackError(
      "invalid_payload",
      unknown.map((name) => `[ERROR] the sandbox does not emulate ${name}`),
    );
  respond(slack, url, body);
  store.change((state) => {
    state.responseUrls[secret] = { ...url, posts: url.posts + 1 };
  });
}

function respond(slack: SlackContext, url: StoredResponseUrl, body: JsonObject): void {
  const original = slack.store.state.messages.find(
    ({ channel, ts }) => channel === url.channel && ts === url.messageTs,
  );
  if (body["delete_original"] === true) {
    slack.store.change((state) => {
      state.messages = state.messages.filter((message) => message !== original);
    });
    return;
  }
  const content = messageContent(body);
  if (body["replace_original"] === true && original) {
    replaceMessage(slack, { ...original, ...content, edited: true });
    return;
  }
  showAnswer(slack, url, content, body["response_type"] === "in_channel");
}

/** Shows an answer to the person who acted, or to everybody in the channel. */
export function showAnswer(
  { store, directory, now }: SlackContext,
  { userId, channel }: ResponsePlace,
  content: { readonly text: string; readonly blocks: readonly JsonObject[] },
  inChannel: boolean,
): void {
  store.change((state) => {
    state.messages.push({
      channel,
      ts: newTs(state, now()),
      user: directory.app.userId,
      ...content,
      edited: false,
      ...(inChannel ? {} : { onlyFor: userId }),
    });
  });
}

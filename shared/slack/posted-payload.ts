/**
 * The event by which Slack tells where a message with metadata is, and the metadata of ours.
 * https://docs.slack.dev/reference/events/message_metadata_posted
 */
import * as z from "zod/mini";
import type { MessagePlace } from "../ports/messenger.ts";

/** Our metadata's type. The app's manifest subscribes to it, and to no other. */
export const MESSAGE_EVENT = "timelatch_message";

/** The place of a message. Any app in the channel can write one with metadata of our type. */
export interface PostedPayload {
  readonly type: "message_posted";
  readonly app: string;
  /** The app that wrote it. */
  readonly author: string;
  readonly mark: string;
  readonly place: MessagePlace;
}

const matching = (pattern: RegExp) => z.string().check(z.regex(pattern));
const appId = () => matching(/^A[A-Z0-9]{1,30}$/);

const posted = () =>
  z.object({
    type: z.literal("event_callback"),
    api_app_id: appId(),
    event: z.object({
      type: z.literal("message_metadata_posted"),
      app_id: appId(),
      channel_id: matching(/^[CDG][A-Z0-9]{1,30}$/),
      message_ts: matching(/^\d{1,12}\.\d{6}$/),
      metadata: z.object({
        event_type: z.literal(MESSAGE_EVENT),
        event_payload: z.object({ mark: matching(/^[A-Za-z0-9-]{1,64}$/) }),
      }),
    }),
  });
let schema: ReturnType<typeof posted> | undefined;

/** @returns undefined for every other event */
export function readPosted(sent: unknown): PostedPayload | undefined {
  schema ??= posted();
  const read = schema.safeParse(sent);
  if (!read.success) return undefined;
  const { api_app_id: app, event } = read.data;
  return {
    type: "message_posted",
    app,
    author: event.app_id,
    mark: event.metadata.event_payload.mark,
    place: { channel: event.channel_id, timestamp: event.message_ts },
  };
}

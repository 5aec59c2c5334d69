/** https://docs.slack.dev/messaging/message-metadata: what an app says of its message, for apps and for nobody else. */
import { isObject } from "../blocks/check.ts";
import { SlackError } from "../slack-error.ts";
import type { MessageMetadata } from "../state.ts";

const PARTS = ["event_type", "event_payload"];
const EVENT_TYPE = /^[A-Za-z0-9_-]+$/;

/**
 * The metadata that an argument asks for; undefined where there is no argument. Slack ignores a part that is wrong
 * with a warning. Here it is refused, so that no test passes by that.
 *
 * @throws SlackError `invalid_metadata_format`, `invalid_metadata_schema`
 */
export function messageMetadata(given: unknown): MessageMetadata | undefined {
  if (given === undefined) return undefined;
  if (!isObject(given)) throw new SlackError("invalid_metadata_format");
  const unknown = Object.keys(given).filter((name) => !PARTS.includes(name));
  const { event_type: eventType, event_payload: payload } = given;
  if (unknown.length > 0 || !isObject(payload)) throw new SlackError("invalid_metadata_format");
  if (typeof eventType !== "string" || !EVENT_TYPE.test(eventType))
    throw new SlackError("invalid_metadata_schema");
  // Slack takes an object in it, or a list of them. None of our messages has one.
  if (Object.values(payload).some((value) => typeof value === "object"))
    throw new SlackError("invalid_metadata_schema", ["the sandbox emulates plain values only"]);
  return { eventType, payload };
}

/** Messages and views that somebody acts in. */
import { elementsOf } from "../blocks/blocks.ts";
import type { JsonObject } from "../blocks/check.ts";
import { directUser, type SlackUser } from "../directory.ts";
import { shownMessage } from "../methods/message-content.ts";
import type { SlackContext, StoredMessage, StoredView } from "../state.ts";
import { shownView } from "../views.ts";
import { InvalidAction } from "./invalid-action.ts";
import { channelName } from "./payloads.ts";
import type { Place } from "./user-action.ts";

export interface Surroundings {
  readonly slack: SlackContext;
  /** The base of response URLs. */
  readonly slackUrl: string;
}

/** @throws InvalidAction for a channel that the person is not in */
export function requireChannel({ slack }: Surroundings, user: SlackUser, channel: string): void {
  const found = slack.directory.channels.find(({ id }) => id === channel);
  const isIn = found
    ? found.members.includes(user.id)
    : directUser(slack.directory, channel)?.id === user.id;
  if (!isIn) throw new InvalidAction(`${user.name} is not in ${channel}.`);
}

/** The message or view that somebody acts in. */
export interface Found {
  readonly message?: StoredMessage;
  readonly view?: StoredView;
  readonly blocks: readonly JsonObject[];
}

/**
 * Finds the message or view that the person acts in. @throws InvalidAction if they do not see it
 */
export function find(around: Surroundings, user: SlackUser, place: Place): Found {
  const { state } = around.slack.store;
  if ("view" in place) {
    const view = state.views[place.view];
    if (view?.userId !== user.id) throw new InvalidAction(`${user.name} sees no ${place.view}.`);
    return { view, blocks: (view.content["blocks"] ?? []) as readonly JsonObject[] };
  }
  requireChannel(around, user, place.channel);
  const message = state.messages.find(
    ({ channel, ts, onlyFor }) =>
      channel === place.channel &&
      ts === place.ts &&
      (onlyFor === undefined || onlyFor === user.id),
  );
  if (!message) throw new InvalidAction(`${user.name} sees no message ${place.ts}.`);
  return { message, blocks: message.blocks };
}

/** The part of a payload that says where something happened. */
export function placeMembers(around: Surroundings, found: Found, values: JsonObject): JsonObject {
  const { slack } = around;
  if (found.view)
    return {
      container: { type: "view", view_id: found.view.id },
      view: shownView(slack, found.view, values),
    };
  const message = found.message as StoredMessage;
  const { channel, ts } = message;
  const container = {
    type: "message",
    message_ts: ts,
    channel_id: channel,
    is_ephemeral: message.onlyFor !== undefined,
  };
  return {
    container,
    channel: { id: channel, name: channelName(slack.directory, channel) },
    message: shownMessage(slack, message),
    state: { values },
  };
}

interface FoundElement {
  readonly element: JsonObject;
  readonly blockId: string;
}

/** @throws InvalidAction where nothing there has the `action_id` */
export function elementOf(
  { blocks }: Found,
  action: { readonly actionId: string; readonly blockId?: string },
): FoundElement {
  for (const block of blocks) {
    const blockId = String(block["block_id"]);
    if (action.blockId !== undefined && action.blockId !== blockId) continue;
    const element = elementsOf(block).find((each) => each["action_id"] === action.actionId);
    if (element) return { element, blockId };
  }
  throw new InvalidAction(`Nothing there has the action_id ${action.actionId}.`);
}

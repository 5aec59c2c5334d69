/** Turns what somebody does into what Slack sends. */
import type { JsonObject } from "../blocks/check.ts";
import { type SlackUser, userOf } from "../directory.ts";
import { newResponseUrl } from "../response-urls.ts";
import type { SlackContext, StoredView } from "../state.ts";
import { newTrigger } from "../triggers.ts";
import { shownView } from "../views.ts";
import { checkForm, elementState, stateValues } from "./element-state.ts";
import { InvalidAction } from "./invalid-action.ts";
import {
  type AppRequest,
  appHomeOpened,
  common,
  interactivity,
  slashCommand,
  urlVerification,
} from "./payloads.ts";
import { elementOf, find, placeMembers, requireChannel, type Surroundings } from "./place.ts";
import type { GivenValues, UserAction } from "./user-action.ts";

type Of<Kind extends UserAction["kind"]> = Extract<UserAction, { readonly kind: Kind }>;

/** @throws InvalidAction where the person could not do that */
export function appRequest(around: Surroundings, action: UserAction): AppRequest {
  if (action.kind === "url_verification") return urlVerification();
  const user = actor(around, action.user);
  switch (action.kind) {
    case "command":
      return command(around, user, action);
    case "block_actions":
      return blockActions(around, user, action);
    case "block_suggestion":
      return blockSuggestion(around, user, action);
    case "view_submission":
      return viewSubmission(around, user, action);
    case "view_closed":
      return viewClosed(around, user, action);
    case "shortcut":
      return shortcut(around, user, action);
    case "app_home_opened": {
      const home = around.slack.store.state.homes[user.id];
      const view = home === undefined ? undefined : around.slack.store.state.views[home];
      return appHomeOpened(around.slack, user, view && shownView(around.slack, view));
    }
  }
}

function actor({ slack }: Surroundings, id: string): SlackUser {
  const user = userOf(slack.directory, id);
  if (!user) throw new InvalidAction(`The workspace has no user ${id}.`);
  return user;
}

/** An address that the app may answer to. */
export function responseUrl(
  { slack, slackUrl }: Surroundings,
  kind: "commands" | "actions",
  place: { readonly userId: string; readonly channel: string; readonly messageTs?: string },
): string {
  const { teamId } = slack.directory;
  return `${slackUrl}/${kind}/${teamId}/${Date.now()}/${newResponseUrl(slack, place)}`;
}

function command(around: Surroundings, user: SlackUser, action: Of<"command">): AppRequest {
  const { directory } = around.slack;
  if (!directory.commands.includes(action.command))
    throw new InvalidAction(`The app has no command ${action.command}.`);
  requireChannel(around, user, action.channel);
  return slashCommand(directory, user, {
    ...action,
    triggerId: newTrigger(around.slack, user.id),
    responseUrl: responseUrl(around, "commands", { userId: user.id, channel: action.channel }),
  });
}

const actionTs = ({ now }: SlackContext) => (now().getTime() / 1_000).toFixed(6);

function blockActions(
  around: Surroundings,
  user: SlackUser,
  action: Of<"block_actions">,
): AppRequest {
  const { slack } = around;
  const found = find(around, user, action.place);
  const { element, blockId } = elementOf(found, action);
  const given: GivenValues =
    action.value === undefined
      ? action.values
      : {
          ...action.values,
          [blockId]: { ...action.values[blockId], [action.actionId]: action.value },
        };
  const { message } = found;
  const place = message && {
    userId: user.id,
    channel: message.channel,
    messageTs: message.ts,
  };
  return interactivity({
    type: "block_actions",
    ...common(slack.directory, user),
    ...placeMembers(around, found, stateValues(found.blocks, given)),
    trigger_id: newTrigger(slack, user.id),
    ...(place ? { response_url: responseUrl(around, "actions", place) } : {}),
    actions: [
      {
        action_id: action.actionId,
        block_id: blockId,
        ...elementState(element, given[blockId]?.[action.actionId]),
        action_ts: actionTs(slack),
      },
    ],
  });
}

function blockSuggestion(
  around: Surroundings,
  user: SlackUser,
  action: Of<"block_suggestion">,
): AppRequest {
  const found = find(around, user, action.place);
  const { element, blockId } = elementOf(found, action);
  if (!String(element["type"]).includes("external_select"))
    throw new InvalidAction(`${action.actionId} takes its options from no app.`);
  const { state: _state, ...place } = placeMembers(around, found, {});
  return interactivity({
    type: "block_suggestion",
    ...common(around.slack.directory, user),
    ...place,
    action_id: action.actionId,
    block_id: blockId,
    value: action.value,
  });
}

function openModalOf(around: Surroundings, user: SlackUser, id: string): StoredView {
  const { state } = around.slack.store;
  const view = state.views[id];
  if (!view || state.modals[user.id]?.at(-1) !== id)
    throw new InvalidAction(`${user.name} has no form ${id} open.`);
  return view;
}

function viewSubmission(
  around: Surroundings,
  user: SlackUser,
  action: Of<"view_submission" | "view_closed">,
): AppRequest {
  const { slack } = around;
  const view = openModalOf(around, user, action.view);
  if (view.content["submit"] === undefined) throw new InvalidAction("The form has no submit.");
  const blocks = view.content["blocks"] as readonly JsonObject[];
  const values = stateValues(blocks, action.values);
  checkForm(blocks, values);
  return interactivity({
    type: "view_submission",
    ...common(slack.directory, user),
    trigger_id: newTrigger(slack, user.id),
    view: shownView(slack, view, values),
    response_urls: [],
  });
}

function viewClosed(
  around: Surroundings,
  user: SlackUser,
  action: Of<"view_submission" | "view_closed">,
): AppRequest {
  const { slack } = around;
  const view = openModalOf(around, user, action.view);
  const blocks = view.content["blocks"] as readonly JsonObject[];
  return interactivity({
    type: "view_closed",
    ...common(slack.directory, user),
    view: shownView(slack, view, stateValues(blocks, action.values)),
    is_cleared: false,
  });
}

function shortcut(around: Surroundings, user: SlackUser, action: Of<"shortcut">): AppRequest {
  const { directory } = around.slack;
  if (!directory.shortcuts.some(({ callbackId }) => callbackId === action.callbackId))
    throw new InvalidAction(`The app has no shortcut ${action.callbackId}.`);
  return interactivity({
    type: "shortcut",
    ...common(directory, user),
    callback_id: action.callbackId,
    trigger_id: newTrigger(around.slack, user.id),
    action_ts: actionTs(around.slack),
  });
}

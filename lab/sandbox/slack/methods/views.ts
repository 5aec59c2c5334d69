/** https://docs.slack.dev/reference/methods?filter=views: modals and App Home. */
import { canBeWritten, userOf } from "../directory.ts";
import { invalidArguments, SlackError } from "../slack-error.ts";
import type { SlackContext } from "../state.ts";
import { exchangeTrigger } from "../triggers.ts";
import { openModal, publishHome, pushModal, shownView, updateView } from "../views.ts";
import {
  type MethodCall,
  optionalText,
  requiredObject,
  requiredText,
  type SlackMethod,
  TIER_4,
} from "./method.ts";

function open({ args, slack }: MethodCall) {
  const view = requiredObject(args, "view");
  const userId = exchangeTrigger(slack, requiredText(args, "trigger_id"));
  return { view: shownView(slack, openModal(slack, userId, view)) };
}

function push({ args, slack }: MethodCall) {
  const view = requiredObject(args, "view");
  const userId = exchangeTrigger(slack, requiredText(args, "trigger_id"));
  return { view: shownView(slack, pushModal(slack, userId, view)) };
}

/** @throws SlackError `not_found`; `invalid_arguments` unless exactly one of the two ids is given */
function namedView(slack: SlackContext, id: string | undefined, externalId: string | undefined) {
  if ((id === undefined) === (externalId === undefined))
    throw invalidArguments("[ERROR] exactly one of view_id and external_id is required");
  const views = Object.values(slack.store.state.views);
  const found = views.find(
    (view) => view.id === id || (id === undefined && view.content["external_id"] === externalId),
  );
  if (!found) throw new SlackError("not_found");
  return found.id;
}

function update({ args, slack }: MethodCall) {
  const view = requiredObject(args, "view");
  const id = namedView(slack, optionalText(args, "view_id"), optionalText(args, "external_id"));
  return { view: shownView(slack, updateView(slack, id, view, optionalText(args, "hash"))) };
}

function publish({ args, slack }: MethodCall) {
  const view = requiredObject(args, "view");
  const user = userOf(slack.directory, requiredText(args, "user_id"));
  if (!user || !canBeWritten(slack.directory, user)) throw new SlackError("user_not_found");
  return { view: shownView(slack, publishHome(slack, user.id, view, optionalText(args, "hash"))) };
}

export const VIEW_METHODS: Readonly<Record<string, SlackMethod>> = {
  "views.open": { args: { trigger_id: "text", view: "json" }, limit: TIER_4, run: open },
  "views.push": { args: { trigger_id: "text", view: "json" }, limit: TIER_4, run: push },
  "views.update": {
    args: { view_id: "text", external_id: "text", view: "json", hash: "text" },
    limit: TIER_4,
    run: update,
  },
  "views.publish": {
    args: { user_id: "text", view: "json", hash: "text" },
    limit: TIER_4,
    run: publish,
  },
};

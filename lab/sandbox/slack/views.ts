/** The views that are open: a stack of modals for each person, and an App Home. */
import { randomBytes } from "node:crypto";
import type { Check, JsonObject } from "./blocks/check.ts";
import { homeView, modalView } from "./blocks/view.ts";
import { refuse } from "./methods/method.ts";
import { withMissingIds } from "./missing-ids.ts";
import { invalidArguments, SlackError } from "./slack-error.ts";
import { newId, type SlackContext, type SlackState, type StoredView } from "./state.ts";

/** https://docs.slack.dev/reference/methods/views.open: 250 kB. */
const MOST_BYTES = 250_000;
/** The most views that lie upon each other: https://docs.slack.dev/surfaces/modals */
const MOST_MODALS = 3;

const newHash = (now: Date) =>
  `${Math.floor(now.getTime() / 1_000)}.${randomBytes(4).toString("hex")}`;

/** @throws SlackError `view_too_large`; `invalid_arguments` with everything that is wrong */
function checked(content: JsonObject, check: Check): JsonObject {
  if (Buffer.byteLength(JSON.stringify(content)) > MOST_BYTES)
    throw new SlackError("view_too_large");
  refuse("invalid_arguments", check(content, "/view"));
  return { ...content, blocks: withMissingIds(content["blocks"]) };
}

/** @throws SlackError `duplicate_external_id` */
function refuseKnownExternalId(state: SlackState, content: JsonObject, own?: string): void {
  const { external_id: id } = content;
  if (id === undefined || id === "") return;
  const other = Object.values(state.views).find((view) => view.content["external_id"] === id);
  if (other && other.id !== own) throw new SlackError("duplicate_external_id");
}

/** Opens a modal over the person's view. @throws SlackError with its fault */
export function openModal(slack: SlackContext, userId: string, content: JsonObject): StoredView {
  const blocks = checked(content, modalView);
  refuseKnownExternalId(slack.store.state, content);
  return slack.store.change((state) => {
    for (const id of state.modals[userId] ?? []) delete state.views[id];
    const id = newId(state, "V");
    const hash = newHash(slack.now());
    const view = { id, userId, content: blocks, hash, rootId: id, previousId: null };
    state.views[id] = view;
    state.modals[userId] = [id];
    return view;
  });
}

/** @throws SlackError `not_found` without an open modal, `push_limit_reached`, or its fault */
export function pushModal(slack: SlackContext, userId: string, content: JsonObject): StoredView {
  const stack = slack.store.state.modals[userId] ?? [];
  const [rootId] = stack;
  if (rootId === undefined) throw new SlackError("not_found");
  if (stack.length >= MOST_MODALS) throw new SlackError("push_limit_reached");
  const blocks = checked(content, modalView);
  refuseKnownExternalId(slack.store.state, content);
  return slack.store.change((state) => {
    const id = newId(state, "V");
    const hash = newHash(slack.now());
    const previousId = stack.at(-1) ?? null;
    const view = { id, userId, content: blocks, hash, rootId, previousId };
    state.views[id] = view;
    state.modals[userId] = [...stack, id];
    return view;
  });
}

/**
 * Puts other content into an open view.
 * @param hash where given, the view must still be as it was then
 * @throws SlackError `not_found`, `hash_conflict`, or the content's fault
 */
export function updateView(
  slack: SlackContext,
  id: string,
  content: JsonObject,
  hash?: string,
): StoredView {
  const before = Object.hasOwn(slack.store.state.views, id)
    ? slack.store.state.views[id]
    : undefined;
  if (!before) throw new SlackError("not_found");
  if (hash !== undefined && hash !== before.hash) throw new SlackError("hash_conflict");
  if (content["type"] !== before.content["type"])
    throw invalidArguments(
      "[ERROR] must match the `type` of the existing view [json-pointer:/view/type]",
    );
  const blocks = checked(content, before.content["type"] === "home" ? homeView : modalView);
  refuseKnownExternalId(slack.store.state, content, id);
  return slack.store.change((state) => {
    const view = { ...before, content: blocks, hash: newHash(slack.now()) };
    state.views[id] = view;
    return view;
  });
}

/** Puts content into a person's App Home. @throws SlackError `hash_conflict`, or its fault */
export function publishHome(
  slack: SlackContext,
  userId: string,
  content: JsonObject,
  hash?: string,
): StoredView {
  const id = slack.store.state.homes[userId];
  if (id !== undefined) return updateView(slack, id, content, hash);
  const blocks = checked(content, homeView);
  return slack.store.change((state) => {
    const made = newId(state, "V");
    const first = newHash(slack.now());
    const view = { id: made, userId, content: blocks, hash: first, rootId: made, previousId: null };
    state.views[made] = view;
    state.homes[userId] = made;
    return view;
  });
}

/** Takes the uppermost modal away, or all of them. */
export function closeModals(slack: SlackContext, userId: string, which: "top" | "all"): void {
  slack.store.change((state) => {
    const stack = state.modals[userId] ?? [];
    const left = which === "all" ? [] : stack.slice(0, -1);
    for (const id of stack.slice(left.length)) delete state.views[id];
    state.modals[userId] = left;
  });
}

/** A view as Slack's answers and payloads show it. */
export function shownView(
  { directory }: Pick<SlackContext, "directory">,
  view: StoredView,
  values: JsonObject = {},
): JsonObject {
  const { teamId, app } = directory;
  const { content } = view;
  return {
    id: view.id,
    team_id: teamId,
    type: content["type"],
    blocks: content["blocks"],
    private_metadata: content["private_metadata"] ?? "",
    callback_id: content["callback_id"] ?? "",
    state: { values },
    hash: view.hash,
    title: content["title"] ?? null,
    clear_on_close: content["clear_on_close"] ?? false,
    notify_on_close: content["notify_on_close"] ?? false,
    close: content["close"] ?? null,
    submit: content["submit"] ?? null,
    previous_view_id: view.previousId,
    root_view_id: view.rootId,
    app_id: app.id,
    external_id: content["external_id"] ?? "",
    app_installed_team_id: teamId,
    bot_id: app.botId,
  };
}

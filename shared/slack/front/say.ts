/** Answers somebody where they are: by kind of payload, each shows a text only to its sender. */
import { ephemeral, fallbackText, type Json, type Lines, modal, section } from "../blocks.ts";
import type { ClickPayload, PersonPayload } from "../payloads.ts";
import { READER_REFUSED, SlackRefusal } from "../slack-errors.ts";
import { LABELS } from "../texts/form-texts.ts";
import type { Reply, SlackFront } from "./slack-front.ts";

/** A window with a text. */
export const textModal = (text: Lines): Json => modal(LABELS.window, [section(text)]);

type Say<Type extends PersonPayload["type"]> = (
  front: Pick<SlackFront, "web">,
  payload: Extract<PersonPayload, { readonly type: Type }>,
  text: Lines,
) => Promise<Reply>;

const WAYS: { readonly [Type in PersonPayload["type"]]: Say<Type> } = {
  command: async (_front, _payload, text) => ephemeral(text),
  block_actions: (front, payload, text) => sayAtClick(front, payload, text),
  view_submission: async (_front, _payload, text) => ({
    response_action: "push",
    view: textModal(text),
  }),
  view_closed: async () => undefined,
  shortcut: async ({ web }, { trigger_id }, text) => {
    await web.call("views.open", { trigger_id, view: textModal(text) });
    return undefined;
  },
  block_suggestion: async () => ({ options: [] }),
  app_home_opened: async ({ web }, { sender }, text) => {
    await web.call("views.publish", {
      user_id: sender.user,
      view: { type: "home", blocks: [section(text)] },
    });
    return undefined;
  },
};

/** @throws what the Web API throws */
export function say(
  front: Pick<SlackFront, "web">,
  payload: PersonPayload,
  text: Lines,
): Promise<Reply> {
  const way = WAYS[payload.type] as Say<PersonPayload["type"]>;
  return way(front, payload as never, text);
}

/** The app may not write there: it has left the channel since, or the person has. */
const UNWRITABLE: ReadonlySet<string> = new Set([...READER_REFUSED, "user_not_in_channel"]);

/**
 * At a message only to its reader; over a window; elsewhere in a window. A window needs no URL of the
 * payload, as an answer to its `response_url` would.
 */
async function sayAtClick(
  { web }: Pick<SlackFront, "web">,
  { channel, view, trigger_id, sender }: ClickPayload,
  text: Lines,
): Promise<Reply> {
  const how = view?.type === "modal" ? "views.push" : "views.open";
  const window = () => web.call(how, { trigger_id, view: textModal(text) });
  if (!channel || view) {
    await window();
    return undefined;
  }
  const content = { text: fallbackText(text), blocks: [section(text)] };
  try {
    await web.call("chat.postEphemeral", { channel: channel.id, user: sender.user, ...content });
  } catch (error) {
    if (!(error instanceof SlackRefusal && UNWRITABLE.has(error.code))) throw error;
    await window();
  }
  return undefined;
}

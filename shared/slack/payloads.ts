/**
 * The payloads that Slack sends, by route. Only what is used here is checked, because Slack adds
 * members. A signature binds neither path nor method, so each route takes its own types of payload
 * and no others. A schema is made when its first payload arrives, since a person waits for the function
 * to load, and kept for the next ones. https://docs.slack.dev/interactivity/handling-user-interaction
 */
import * as z from "zod/mini";
import { type PostedPayload, readPosted } from "./posted-payload.ts";
import { type SlackSender, senderOf } from "./sender.ts";
import type { SlackRoute } from "./slack-routes.ts";

const id = (prefix: string) => z.string().check(z.regex(new RegExp(`^${prefix}[A-Z0-9]{1,30}$`)));
const text = () => z.string().check(z.maxLength(4_000));
const trigger = () => z.string().check(z.minLength(1), z.maxLength(200));
const choice = () => z.nullish(z.object({ value: text() }));
const fieldState = () => z.object({ value: z.nullish(text()), selected_option: choice() });

/** The sender, and the app. */
const people = () => ({
  team: z.nullish(z.object({ id: id("[TE]"), enterprise_id: z.nullish(id("E")) })),
  enterprise: z.nullish(z.object({ id: id("E") })),
  user: z.object({ id: id("[UW]"), team_id: z.nullish(id("[TE]")) }),
  api_app_id: id("A"),
});

const shownView = () =>
  z.object({
    id: id("V"),
    type: z.enum(["modal", "home"]),
    callback_id: z.nullish(text()),
    private_metadata: z.nullish(text()),
    hash: z.nullish(text()),
    state: z.nullish(
      z.object({ values: z.record(z.string(), z.record(z.string(), fieldState())) }),
    ),
  });

/** To make a schema takes far longer than to read a payload by it. */
function kept<Schema>(make: () => Schema): () => Schema {
  let made: Schema | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const slashCommand = kept(() =>
  z.object({
    command: text(),
    text: z.optional(text()),
    team_id: id("T"),
    enterprise_id: z.optional(id("E")),
    user_id: id("[UW]"),
    api_app_id: id("A"),
    trigger_id: trigger(),
  }),
);
const blockActions = () =>
  z.object({
    type: z.literal("block_actions"),
    ...people(),
    trigger_id: trigger(),
    channel: z.nullish(z.object({ id: id("[CDG]") })),
    container: z.nullish(z.object({ is_ephemeral: z.nullish(z.boolean()) })),
    view: z.nullish(shownView()),
    actions: z
      .array(
        z.object({
          action_id: text(),
          block_id: text(),
          value: z.nullish(text()),
          selected_option: choice(),
        }),
      )
      .check(z.minLength(1), z.maxLength(1)),
  });
const viewSubmission = () =>
  z.object({
    type: z.literal("view_submission"),
    ...people(),
    trigger_id: z.optional(trigger()),
    view: shownView(),
  });
const viewClosed = () => z.object({ type: z.literal("view_closed"), ...people() });
const shortcut = () =>
  z.object({
    type: z.literal("shortcut"),
    ...people(),
    callback_id: text(),
    trigger_id: trigger(),
  });
const suggestion = kept(() =>
  z.object({
    type: z.literal("block_suggestion"),
    ...people(),
    action_id: text(),
    value: z.optional(text()),
  }),
);
const verification = kept(() =>
  z.object({ type: z.literal("url_verification"), challenge: text() }),
);
const homeOpened = kept(() =>
  z.object({
    type: z.literal("event_callback"),
    api_app_id: id("A"),
    team_id: id("[TE]"),
    enterprise_id: z.nullish(id("E")),
    event: z.object({
      type: z.literal("app_home_opened"),
      user: id("[UW]"),
      tab: z.optional(text()),
    }),
  }),
);

/** The value that a schema reads. */
type Made<Make extends () => z.ZodMiniType> = z.output<ReturnType<Make>>;

interface Sent {
  readonly sender: SlackSender;
  readonly app: string;
}
export type SlackView = Made<typeof shownView>;
export type CommandPayload = Made<typeof slashCommand> & { readonly type: "command" } & Sent;
export type ClickPayload = Made<typeof blockActions> & Sent;
export type SubmissionPayload = Made<typeof viewSubmission> & Sent;
type ShortcutPayload = Made<typeof shortcut> & Sent;
type SuggestionPayload = Made<typeof suggestion> & Sent;
type HomePayload = { readonly type: "app_home_opened"; readonly tab: string } & Sent;

/** A payload of somebody who acts. */
export type PersonPayload =
  | CommandPayload
  | ClickPayload
  | SubmissionPayload
  | ({ readonly type: "view_closed" } & Sent)
  | ShortcutPayload
  | SuggestionPayload
  | HomePayload;

/** A question of Slack itself: is this address yours, does it answer. */
type ProbePayload =
  | { readonly type: "url_verification"; readonly challenge: string }
  | { readonly type: "ssl_check" };

const interaction = kept(() =>
  z.discriminatedUnion("type", [blockActions(), viewSubmission(), viewClosed(), shortcut()]),
);

const sent = <Payload extends Made<typeof interaction> | Made<typeof suggestion>>(
  payload: Payload,
) => ({ ...payload, sender: senderOf(payload), app: payload.api_app_id });

/** Everything that Slack sends. */
export type SlackPayload = PersonPayload | ProbePayload | PostedPayload;

/** One reader a route: a payload, or a throw for everything else. */
const READERS: Readonly<Record<SlackRoute, (text: string) => SlackPayload>> = {
  commands: (sentText) => {
    const form = formOf(sentText);
    if (form["ssl_check"] === "1" && form["command"] === undefined) return { type: "ssl_check" };
    const command = slashCommand().parse(withoutEmpty(form));
    const { team_id: team, enterprise_id: enterprise, user_id: user } = command;
    const sender = senderOf({
      team: { id: team, enterprise_id: enterprise },
      user: { id: user },
    });
    return { ...command, type: "command", sender, app: command.api_app_id };
  },
  interactivity: (sentText) => sent(interaction().parse(payloadOf(sentText))),
  options: (sentText) => sent(suggestion().parse(payloadOf(sentText))),
  events: (sentText) => {
    const event: unknown = JSON.parse(sentText);
    const verified = verification().safeParse(event);
    if (verified.success) return verified.data;
    const posted = readPosted(event);
    if (posted) return posted;
    const { api_app_id: app, team_id, enterprise_id, event: opened } = homeOpened().parse(event);
    const sender = senderOf({ team: { id: team_id, enterprise_id }, user: { id: opened.user } });
    return { type: "app_home_opened", tab: opened.tab ?? "home", sender, app };
  },
};

/** @returns undefined for what is no payload of that route */
export function readPayload(route: SlackRoute, bytes: Buffer): SlackPayload | undefined {
  if (bytes.length > LARGEST_BYTES) return undefined;
  try {
    return READERS[route](new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // The payload's own text would say nothing that its sender does not know.
    return undefined;
  }
}

/** Far more than a view of 100 blocks has. */
const LARGEST_BYTES = 256 * 1_024;

/** @throws Error where a field comes twice: which of them counts would be a guess */
function formOf(text: string): Readonly<Record<string, string>> {
  const fields = [...new URLSearchParams(text)];
  const form = new Map(fields);
  if (form.size !== fields.length) throw new Error("A field of the form comes twice.");
  return Object.fromEntries(form);
}

const withoutEmpty = (form: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(form).filter(([, value]) => value !== ""));

const payloadOf = (text: string): unknown => JSON.parse(formOf(text)["payload"] ?? "");

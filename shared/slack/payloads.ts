/**
 * What Slack sends, by route. Only what is used here is checked, because Slack adds members. A signature
 * binds neither path nor method, so each route takes its own types of payload and no others.
 * https://docs.slack.dev/interactivity/handling-user-interaction
 */
import * as z from "zod/mini";
import { type SlackSender, senderOf } from "./sender.ts";
import type { SlackRoute } from "./slack-routes.ts";

const id = (prefix: string) => z.string().check(z.regex(new RegExp(`^${prefix}[A-Z0-9]{1,30}$`)));
const Text = z.string().check(z.maxLength(4_000));
const Place = z.nullish(z.object({ id: id("[TE]"), enterprise_id: z.nullish(id("E")) }));
const Enterprise = z.nullish(z.object({ id: id("E") }));
const User = z.object({ id: id("[UW]"), team_id: z.nullish(id("[TE]")) });
const People = { team: Place, enterprise: Enterprise, user: User, api_app_id: id("A") };
const Trigger = z.string().check(z.minLength(1), z.maxLength(200));

const Choice = z.nullish(z.object({ value: Text }));
const FieldState = z.object({ value: z.nullish(Text), selected_option: Choice });
const View = z.object({
  id: id("V"),
  type: z.enum(["modal", "home"]),
  callback_id: z.nullish(Text),
  private_metadata: z.nullish(Text),
  hash: z.nullish(Text),
  state: z.nullish(z.object({ values: z.record(z.string(), z.record(z.string(), FieldState)) })),
});

const Command = z.object({
  command: Text,
  text: z.optional(Text),
  team_id: id("T"),
  enterprise_id: z.optional(id("E")),
  user_id: id("[UW]"),
  api_app_id: id("A"),
  trigger_id: Trigger,
});
const BlockActions = z.object({
  type: z.literal("block_actions"),
  ...People,
  trigger_id: Trigger,
  channel: z.nullish(z.object({ id: id("[CDG]") })),
  container: z.nullish(z.object({ is_ephemeral: z.nullish(z.boolean()) })),
  view: z.nullish(View),
  actions: z
    .array(
      z.object({
        action_id: Text,
        block_id: Text,
        value: z.nullish(Text),
        selected_option: Choice,
      }),
    )
    .check(z.minLength(1), z.maxLength(1)),
});
const ViewSubmission = z.object({
  type: z.literal("view_submission"),
  ...People,
  trigger_id: z.optional(Trigger),
  view: View,
});
const ViewClosed = z.object({ type: z.literal("view_closed"), ...People });
const Shortcut = z.object({
  type: z.literal("shortcut"),
  ...People,
  callback_id: Text,
  trigger_id: Trigger,
});
const Suggestion = z.object({
  type: z.literal("block_suggestion"),
  ...People,
  action_id: Text,
  value: z.optional(Text),
});
const Verification = z.object({ type: z.literal("url_verification"), challenge: Text });
const HomeOpened = z.object({
  type: z.literal("event_callback"),
  api_app_id: id("A"),
  team_id: id("[TE]"),
  enterprise_id: z.nullish(id("E")),
  event: z.object({ type: z.literal("app_home_opened"), user: id("[UW]"), tab: z.optional(Text) }),
});

interface Sent {
  readonly sender: SlackSender;
  readonly app: string;
}
export type SlackView = z.output<typeof View>;
export type CommandPayload = z.output<typeof Command> & { readonly type: "command" } & Sent;
export type ClickPayload = z.output<typeof BlockActions> & Sent;
export type SubmissionPayload = z.output<typeof ViewSubmission> & Sent;
type ShortcutPayload = z.output<typeof Shortcut> & Sent;
type SuggestionPayload = z.output<typeof Suggestion> & Sent;
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
export type ProbePayload =
  | { readonly type: "url_verification"; readonly challenge: string }
  | { readonly type: "ssl_check" };

const Interaction = z.discriminatedUnion("type", [
  BlockActions,
  ViewSubmission,
  ViewClosed,
  Shortcut,
]);

const sent = <Payload extends z.output<typeof Interaction> | z.output<typeof Suggestion>>(
  payload: Payload,
) => ({ ...payload, sender: senderOf(payload), app: payload.api_app_id });

/** One reader a route: a payload, or a throw for everything else. */
const READERS: Readonly<Record<SlackRoute, (text: string) => PersonPayload | ProbePayload>> = {
  commands: (text) => {
    const form = formOf(text);
    if (form["ssl_check"] === "1" && form["command"] === undefined) return { type: "ssl_check" };
    const command = Command.parse(withoutEmpty(form));
    const { team_id: team, enterprise_id: enterprise, user_id: user } = command;
    const sender = senderOf({
      team: { id: team, enterprise_id: enterprise },
      user: { id: user },
    });
    return { ...command, type: "command", sender, app: command.api_app_id };
  },
  interactivity: (text) => sent(Interaction.parse(payloadOf(text))),
  options: (text) => sent(Suggestion.parse(payloadOf(text))),
  events: (text) => {
    const event: unknown = JSON.parse(text);
    const verification = Verification.safeParse(event);
    if (verification.success) return verification.data;
    const { api_app_id: app, team_id, enterprise_id, event: opened } = HomeOpened.parse(event);
    const sender = senderOf({ team: { id: team_id, enterprise_id }, user: { id: opened.user } });
    return { type: "app_home_opened", tab: opened.tab ?? "home", sender, app };
  },
};

/** @returns undefined for what is no payload of that route */
export function readPayload(
  route: SlackRoute,
  bytes: Buffer,
): PersonPayload | ProbePayload | undefined {
  if (bytes.length > LARGEST_BYTES) return undefined;
  try {
    return READERS[route](new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // Whatever a payload holds, its own text would say nothing that its sender does not know.
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

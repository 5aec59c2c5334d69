/** The few Block Kit objects that forms and answers are made of, cut to Slack's limits. */
import { visible } from "../domain/values/visible-text.ts";

/** A block, element or view: https://docs.slack.dev/reference/block-kit */
export type Json = Readonly<Record<string, unknown>>;

const LONGEST = { text: 3_000, option: 75, title: 24, button: 75 } as const;

const cut = (text: string, most: number) =>
  text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;

/** Text that Slack shows as it is: no markup, no mentions, nothing invisible. */
export const plain = (text: string, kind: keyof typeof LONGEST = "text"): Json => ({
  type: "plain_text",
  text: cut(text.split("\n").map(visible).join("\n") || " ", LONGEST[kind]),
  emoji: false,
});

/** Text for a place where Slack reads markup, so that it stays text and mentions nobody. */
export const escaped = (text: string): string =>
  visible(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

export const section = (text: string, more: Json = {}): Json => ({
  type: "section",
  text: plain(text),
  ...more,
});

/** An instant in the reader's own time zone, for markup. @param at ISO 8601 UTC */
export const dateText = (at: string): string =>
  `<!date^${Math.floor(Date.parse(at) / 1_000)}^{date_short_pretty} {time}|${at}>`;

export const option = (label: string, value: string): Json => ({
  text: plain(label, "option"),
  value,
});

export const button = (label: string, actionId: string, value: string, style?: string): Json => ({
  type: "button",
  text: plain(label, "button"),
  action_id: actionId,
  value,
  ...(style === undefined ? {} : { style }),
});

export interface InputField {
  /** The block's id and the element's. */
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly optional?: boolean;
  /** Whether a change is sent at once. */
  readonly dispatch?: boolean;
  readonly element: Json;
}

export const input = ({ id, label, hint, optional, dispatch, element }: InputField): Json => ({
  type: "input",
  block_id: id,
  label: plain(label),
  ...(hint === undefined ? {} : { hint: plain(hint) }),
  optional: optional === true,
  dispatch_action: dispatch === true,
  element: { ...element, action_id: id },
});

export const modal = (title: string, blocks: readonly Json[], more: Json = {}): Json => ({
  type: "modal",
  title: plain(title, "title"),
  close: plain("Close", "title"),
  blocks,
  ...more,
});

/** An answer that only its reader sees, to a command. */
export const ephemeral = (text: string): Json => ({
  response_type: "ephemeral",
  text: escaped(text),
  blocks: [section(text)],
});

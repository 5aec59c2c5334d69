/** The few Block Kit objects that forms and answers are made of, cut to Slack's limits. */
import { sha256 } from "../domain/values/canonical-json.ts";
import { dateElement, ownMarkup, plainText, shownLines } from "./shown-text.ts";
import { LABELS } from "./texts/form-texts.ts";

/** A block, element or view: https://docs.slack.dev/reference/block-kit */
export type Json = Readonly<Record<string, unknown>>;

const LONGEST = { text: 3_000, option: 75, title: 24, button: 75 } as const;

/** Text of one line, or of several. */
export type Lines = string | readonly string[];

const linesIn = (text: Lines): readonly string[] => (typeof text === "string" ? [text] : text);

/** Text that Slack shows as it is: no markup, no mentions, nothing invisible. */
export const plain = (text: string, kind: keyof typeof LONGEST = "text"): Json => ({
  ...plainText(text || " ", LONGEST[kind]),
});

/** Text for a place where Slack reads markup, so that it stays text and mentions nobody. */
export const fallbackText = (text: Lines): string => shownLines(linesIn(text), LONGEST.text);

export const section = (text: Lines): Json => ({
  type: "section",
  text: { type: "plain_text", text: fallbackText(text) || " ", emoji: false },
});

export const header = (text: string): Json => ({ type: "header", text: plain(text) });

/** A word of ours and an instant, in the reader's own time zone. @param at ISO 8601 UTC */
export const dateLine = (word: string, at: string): Json => ({
  type: "context",
  elements: [{ ...ownMarkup(`${word} ${dateElement(at)}`) }],
});

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
  /** The element's id, and the block's. */
  readonly id: string;
  /**
   * The value that the choices are for. Slack keeps a field's content while its block has the same id, so
   * another value makes another block.
   */
  readonly choicesFor?: string | undefined;
  readonly label: string;
  readonly hint?: string;
  readonly optional?: boolean;
  /** Whether a change is sent at once. */
  readonly dispatch?: boolean;
  readonly element: Json;
}

export const input = (field: InputField): Json => ({
  type: "input",
  block_id: blockIdOf(field),
  label: plain(field.label),
  ...(field.hint === undefined ? {} : { hint: plain(field.hint) }),
  optional: field.optional === true,
  dispatch_action: field.dispatch === true,
  element: { ...field.element, action_id: field.id },
});

/** An id has at most 255 characters, and a value may have more. */
const blockIdOf = ({ id, choicesFor }: InputField): string =>
  choicesFor === undefined ? id : `${id}-${sha256(choicesFor).slice(0, 16)}`;

export const modal = (title: string, blocks: readonly Json[], more: Json = {}): Json => ({
  type: "modal",
  title: plain(title, "title"),
  close: plain(LABELS.close, "title"),
  blocks,
  ...more,
});

/** An answer that only its reader sees, to a command. */
export const ephemeral = (text: Lines): Json => ({
  response_type: "ephemeral",
  text: fallbackText(text),
  blocks: [section(text)],
});

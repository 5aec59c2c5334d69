/** Composition objects: texts, options, confirmation dialogs. Limits: docs.slack.dev, Block Kit. */
import { byType, type Check, flag, list, object, oneOf, text } from "./check.ts";

const plainMembers = (max: number) =>
  object({ required: { text: text({ max }) }, optional: { emoji: flag } });

const markdownMembers = (max: number) =>
  object({ required: { text: text({ max }) }, optional: { verbatim: flag } });

export const plainText = (max: number): Check => byType({ plain_text: plainMembers(max) });

export const anyText = (max: number): Check =>
  byType({ plain_text: plainMembers(max), mrkdwn: markdownMembers(max) });

/** The older of the two published limits, so that what works here works under both. */
const OPTION_MAX = 75;

const optionOf = (label: Check): Check =>
  object({
    required: { text: label, value: text({ max: OPTION_MAX }) },
    optional: { description: plainText(OPTION_MAX) },
  });

/** An option of selects: its label is plain text. */
export const option = optionOf(plainText(OPTION_MAX));

/** An option of checkboxes and radio buttons: its label may be mrkdwn. */
export const markedOption = optionOf(anyText(OPTION_MAX));

export const optionGroup: Check = object({
  required: { label: plainText(OPTION_MAX), options: list(option, { max: 100 }) },
});

export const confirmation: Check = object({
  required: {
    title: plainText(100),
    text: anyText(300),
    confirm: plainText(30),
    deny: plainText(30),
  },
  optional: { style: oneOf("primary", "danger") },
});

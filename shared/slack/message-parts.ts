/** The parts of every message, cut to Slack's limits. */
import type { KnownBlock, MrkdwnElement } from "@slack/types";
import type { Times } from "../notices/shown-times.ts";
import { utcText } from "../notices/utc-text.ts";
import { dateElement, ownMarkup, plainText, shown } from "./shown-text.ts";
import { IN_CHANNEL } from "./texts/button-texts.ts";

/** A message as Slack shows it: the blocks, or the text in notifications and the like. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/**
 * The longest each part may be, in characters. Slack takes 3,000 a section, and about 13,000 for the
 * JSON of all blocks: https://docs.slack.dev/reference/block-kit/blocks
 */
export const MOST = { header: 150, line: 900, reason: 2_000, fallback: 1_000 } as const;

const plainTime = ([word, at]: Times[number]) => `${word} ${utcText(at)}.`;
const shownTime = ([word, at]: Times[number]) => `${word} ${dateElement(at)}`;

/** The lines and instants in one text. */
export const fallback = (lines: readonly string[], times: Times): string =>
  shown([...lines, ...times.map(plainTime)].join(" "), MOST.fallback);

export const header = (text: string): KnownBlock => ({
  type: "header",
  text: plainText(text, MOST.header),
});

export const section = (text: string, most: number): KnownBlock => ({
  type: "section",
  text: plainText(text, most),
});

/** One word of ours, bold. */
export const status = (word: string): KnownBlock => ({
  type: "section",
  text: ownMarkup(`*${word}*`),
});

export const dates = (times: Times): KnownBlock => ({
  type: "context",
  elements: times.map((time): MrkdwnElement => ownMarkup(shownTime(time))),
});

/** Leads to the message about the request in its channel. @param link an address that Slack made */
export const linkBlock = (link: string): KnownBlock => ({
  type: "context",
  elements: [ownMarkup(`<${link}|${IN_CHANNEL}>`)],
});

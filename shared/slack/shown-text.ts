/**
 * Text for Slack. A text that people wrote is always shown as text: nothing in it is a mention, a
 * link or markup. Therefore it only stands in `plain_text`, and `mrkdwn` holds only our own words
 * and dates.
 */
import type { MrkdwnElement, PlainTextElement } from "@slack/types";
import { visible } from "../domain/values/visible-text.ts";
import { utcText } from "../notices/utc-text.ts";

/** Slack's control characters: https://docs.slack.dev/messaging/formatting-message-text#escaping */
const CONTROLS: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

const pieceOf = (char: string) => CONTROLS[char] ?? visible(char);

/** The text with control characters escaped and hidden ones made visible, at most `most` long. */
export function shown(text: string, most: number): string {
  let kept = "";
  let fits = "";
  for (const char of text) {
    kept += pieceOf(char);
    if (kept.length > most) return `${fits}…`;
    if (kept.length < most) fits = kept;
  }
  return kept;
}

/** Lines of our own, each with what people wrote in it: a break inside one is no line of ours. */
export const shownLines = (lines: readonly string[], most: number): string =>
  cutLines(
    lines.map((line) => shown(line, most)),
    most,
  );

function cutLines(lines: readonly string[], most: number): string {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    const room = most - length;
    // A line that does not fit whole is left out: a cut may not break an escape in two.
    if (line.length > room) break;
    kept.push(line);
    length += line.length + 1;
  }
  return kept.join("\n");
}

/** A `plain_text` object. Slack reads `:name:` in it as an emoji only where `emoji` is set. */
export const plainText = (text: string, most: number): PlainTextElement => ({
  type: "plain_text",
  text: shown(text, most),
  emoji: false,
});

/** A `mrkdwn` object, only for our own words. `verbatim` keeps Slack from making links of them. */
export const ownMarkup = (text: string): MrkdwnElement => ({
  type: "mrkdwn",
  text,
  verbatim: true,
});

/**
 * An instant that Slack shows in its reader's own time zone; in UTC where it cannot.
 * https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 * @param instant ISO 8601 UTC; an instant of ours, never a text from outside
 */
export const dateElement = (instant: string): string =>
  `<!date^${Math.floor(Date.parse(instant) / 1_000)}^{date_short_pretty} {time}|${utcText(instant)}>`;

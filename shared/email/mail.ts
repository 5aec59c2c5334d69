/** An e-mail about a notice: a subject, plain text, and the same in HTML. Pure. */
import type { Notice } from "../domain/notices/notice.ts";
import { utcText } from "../notices/utc-text.ts";
import { FOOTER, subjectText } from "./email-texts.ts";
import { type Letter, letterOf } from "./letter.ts";
import { escapedHtml, headerText, MOST, shownLine, unlinkedNotice } from "./mail-text.ts";

export interface Mail {
  /** Printable ASCII in one line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export function mailFor(notice: Notice): Mail {
  const safe = unlinkedNotice(notice);
  const parts = partsOf(letterOf(safe));
  const subject = headerText(subjectText(safe));
  return { subject, text: textOf(parts), html: htmlOf(subject, parts) };
}

/** Paragraphs in order; each line is text as its reader sees it. */
type Part = readonly [look: "strong" | "plain" | "quoted" | "typed", lines: readonly string[]];

function partsOf({ heading, lines, reason, times, commands }: Letter): readonly Part[] {
  const [first = "", ...others] = lines.filter((line) => line !== "");
  const parts: readonly Part[] = [
    ["strong", [heading]],
    ["plain", [first]],
    ["quoted", [reason]],
    ...others.map((line): Part => ["plain", [line]]),
    ["plain", times.map(([word, at]) => `${word} ${utcText(at)}`)],
    ["typed", commands],
    ["plain", [FOOTER]],
  ];
  return parts
    .map(([look, all]): Part => [look, all.map((line) => shownLine(line, longestOf(look)))])
    .filter(([, all]) => all.some((line) => line !== ""));
}

const longestOf = (look: Part[0]): number => (look === "quoted" ? MOST.reason : MOST.line);

const textOf = (parts: readonly Part[]): string => `${parts.map(paragraphText).join("\n\n")}\n`;

const paragraphText = ([look, lines]: Part): string =>
  lines.map((line) => (look === "typed" ? `  ${line}` : line)).join("\n");

/**
 * No image, no background and no colour: many mail programs invert those. A border marks a
 * quoted text.
 */
const htmlOf = (subject: string, parts: readonly Part[]): string =>
  [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapedHtml(subject)}</title></head>`,
    '<body style="font-family:sans-serif;font-size:15px;line-height:1.4">',
    ...parts.map(paragraphHtml),
    "</body></html>\n",
  ].join("\n");

const LOOKS: Readonly<Record<Part[0], (lines: string) => string>> = {
  strong: (lines) => `<p><strong>${lines}</strong></p>`,
  plain: (lines) => `<p>${lines}</p>`,
  quoted: (lines) =>
    `<blockquote style="margin:0 0 1em;padding-left:12px;border-left:3px solid">${lines}</blockquote>`,
  typed: (lines) => `<p><code>${lines}</code></p>`,
};

const paragraphHtml = ([look, lines]: Part): string =>
  LOOKS[look](lines.map(escapedHtml).join("<br>\n"));

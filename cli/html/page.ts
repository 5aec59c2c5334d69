/**
 * A page that stands alone: no network, no script, one style for light, dark and paper. Its policy
 * forbids the browser to load or to run anything.
 */
import { type Markup, markup } from "./markup.ts";
import { STYLE } from "./style.ts";

/** The whole document. @param title for the window, and the first heading */
export const page = (title: string, body: Markup): string =>
  markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.html;

/** A part of the page with its heading, which names it for screen readers. */
export const section = (id: string, heading: string, body: Markup): Markup =>
  markup`<section aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
${body}
</section>
`;

type Cell = string | number | Markup;

/** A table with its caption. A wide one scrolls by itself, also by the keyboard. */
export function table(
  caption: string,
  titles: readonly string[],
  rows: readonly (readonly Cell[])[],
): Markup {
  const head = titles.map((title) => markup`<th scope="col">${title}</th>`);
  const body = rows.map((cells) => {
    const all = cells.map((cell, at) =>
      at === 0 ? markup`<th scope="row">${cell}</th>` : markup`<td>${cell}</td>`,
    );
    return markup`<tr>${all}</tr>
`;
  });
  return markup`<div class="wide" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
</table></div>
`;
}

/** Names and values. */
export const facts = (all: readonly (readonly [name: string, value: Cell])[]): Markup =>
  markup`<dl>
${all.map(
  ([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>
`,
)}</dl>
`;

export const paragraph = (text: string | Markup): Markup => markup`<p>${text}</p>
`;

export const list = (items: readonly (string | Markup)[]): Markup =>
  markup`<ul>
${items.map((item) => markup`<li>${item}</li>\n`)}</ul>
`;

/** A hash, an id or a command: it may break anywhere. */
export const code = (text: string): Markup => markup`<code>${text}</code>`;

type Mood = "good" | "open" | "bad";
const SIGNS: Readonly<Record<Mood, string>> = { good: "✓", open: "…", bad: "✗" };

/** A word with a sign, so that it does not depend on colour. */
export const badge = (mood: Mood, word: string): Markup =>
  markup`<span class="badge ${mood}"><span aria-hidden="true">${SIGNS[mood]} </span>${word}</span>`;

/** An instant as ISO 8601 in UTC, for machines and people alike. */
export const time = (instant: string): Markup =>
  markup`<time datetime="${instant}">${instant.replace("T", " ").replace(/\.\d+Z$|Z$/, " UTC")}</time>`;

/** The frame of each page: navigation, search and the sections of the page. */
import { headingsOf, type Section } from "../../cli/docs/markdown.ts";
import { GROUPS, TOPICS } from "../../cli/docs/topics.ts";

export interface SitePage extends Section {
  /** From the root of the repository. */
  readonly file: string;
  readonly topic: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text, or the value of an attribute between double quotes. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);

/** A page's file within the site. */
export const addressOf = (topic: string): string =>
  topic === "adr" ? "adr/index.html" : `${topic}.html`;

/** The way from a page to the site's folder. */
export const upFrom = (topic: string): string => (addressOf(topic).includes("/") ? "../" : "");

/** A page of the site, whole. */
export function siteHtml(page: SitePage, pages: readonly SitePage[], body: string): string {
  return frame(
    { title: page.title, up: upFrom(page.topic), current: page.topic, pages },
    body,
    page,
  );
}

/** The first page: the list of all. */
export function indexHtml(pages: readonly SitePage[]): string {
  const groups = Object.entries(GROUPS).map(([group, heading]) => {
    const items = TOPICS.filter((each) => each.group === group).map(
      ({ topic, about }) =>
        `<dt><a href="${addressOf(topic)}">${escaped(titleOf(topic, pages))}</a></dt><dd>${escaped(about)}</dd>`,
    );
    return `<h2>${escaped(heading)}</h2>\n<dl>${items.join("\n")}</dl>`;
  });
  const about =
    "<p>Timelatch lends access to Amazon EKS clusters for a limited time, with a record of each step.</p>";
  const body = `<h1>Timelatch</h1>\n${about}\n${groups.join("\n")}`;
  return frame({ title: "Pages", up: "", current: "", pages }, body);
}

const titleOf = (topic: string, pages: readonly SitePage[]) =>
  pages.find((page) => page.topic === topic)?.title ?? topic;

interface Frame {
  readonly title: string;
  readonly up: string;
  /** The topic that is shown. */
  readonly current: string;
  readonly pages: readonly SitePage[];
}

function navigation({ up, current, pages }: Frame): string {
  const groups = Object.entries(GROUPS).map(([group, heading]) => {
    const items = TOPICS.filter((each) => each.group === group).map(({ topic }) => {
      const isHere = topic === current || (topic === "adr" && current.startsWith("adr/"));
      const here = isHere ? ' aria-current="page"' : "";
      return `<li><a href="${up}${addressOf(topic)}"${here}>${escaped(titleOf(topic, pages))}</a></li>`;
    });
    return `<h2>${escaped(heading)}</h2><ul>${items.join("\n")}</ul>`;
  });
  return groups.join("\n");
}

function sectionsOf(page: Section | undefined): string {
  const headings = headingsOf(page?.tokens ?? []).filter(({ depth }) => depth === 2);
  if (headings.length < 2) return "";
  const items = headings.map(
    ({ anchor, title }) => `<li><a href="#${anchor}">${escaped(title)}</a></li>`,
  );
  return `<details class="sections"><summary>On this page</summary><ul>${items.join("\n")}</ul></details>`;
}

/** The content comes before the navigation, so that readers with a keyboard meet it first. */
function frame(about: Frame, body: string, page?: Section): string {
  const { title, up } = about;
  return `<!doctype html>
<html lang="en" data-up="${up}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} · Timelatch</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${up}site.css">
</head>
<body>
<header>
<a class="name" href="${up}index.html">Timelatch</a>
<search><input id="search" type="search" placeholder="Search" aria-label="Search all pages" autocomplete="off"></search>
<a class="to-pages" href="#all-pages">Pages</a>
<div id="found" role="region" aria-label="What was found" aria-live="polite" hidden></div>
</header>
<div class="columns">
<main>
${sectionsOf(page)}
${body}
</main>
<nav id="all-pages" aria-label="Pages">${navigation(about)}</nav>
</div>
<script src="${up}search.js"></script>
</body>
</html>
`;
}

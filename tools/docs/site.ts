/** The pages as a site of files. */
import {
  copyFileSync,
  cpSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { headingsOf, plainText, tokensOf, wholePage } from "../../cli/docs/markdown.ts";
import { pageTexts } from "../../cli/docs/page-texts.ts";
import { topicOfFile } from "../../cli/docs/topics.ts";
import { addressOf, indexHtml, type SitePage, siteHtml } from "./frame.ts";
import { bodyHtml } from "./page-html.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Pictures, schemas and other files that pages link to. */
const BESIDE = "{,slack-gallery/}*.{png,svg,json,py}";

/** The parts of the site that every page shares. */
const ASSETS = ["site.css", "search.js"] as const;

/**
 * Writes the site.
 *
 * @param out a folder, whose files are replaced
 * @returns the first page
 */
export function writeSite(out: string): string {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(path.join(out, "adr"), { recursive: true });
  const pages = sitePages();
  const docs = path.join(ROOT, "docs");
  const beside = globSync(BESIDE, { cwd: docs }).map((file) => file.split(path.sep).join("/"));
  for (const name of beside) cpSync(path.join(docs, name), path.join(out, name));
  for (const name of ASSETS)
    copyFileSync(path.join(import.meta.dirname, name), path.join(out, name));
  const write = (name: string, text: string) => writeFileSync(path.join(out, name), text);
  const targets = {
    topics: new Map(pages.map(({ file, topic }) => [file, topic])),
    beside: new Set(beside.map((name) => `docs/${name}`)),
    sources: sourcesAddress(),
  };
  for (const page of pages)
    write(addressOf(page.topic), siteHtml(page, pages, bodyHtml(page, targets)));
  write("index.html", indexHtml(pages));
  write("search-index.js", `window.PAGES = ${JSON.stringify(pages.flatMap(entriesOf))};\n`);
  return path.join(out, "index.html");
}

function sitePages(): readonly SitePage[] {
  return Object.entries(pageTexts()).map(([file, text]) => {
    const topic = topicOfFile(file);
    const tokens = tokensOf(file.endsWith(".json") ? asPage(topic, text) : text);
    return { file, topic, ...wholePage(tokens, topic) };
  });
}

const asPage = (topic: string, text: string) => `# ${topic}\n\n\`\`\`json\n${text}\`\`\`\n`;

/** The address of the sources; undefined unless package.json names a repository. */
function sourcesAddress(): string | undefined {
  const manifest = readFileSync(path.join(ROOT, "package.json"), "utf8");
  const { repository } = JSON.parse(manifest) as {
    readonly repository?: string | { readonly url: string };
  };
  const address = typeof repository === "string" ? repository : repository?.url;
  return address && `${address.replace(/^git\+|\.git$/g, "")}/blob/main`;
}

/** A section as the search knows it: address, page, heading, text. */
type Entry = readonly [string, string, string, string];

/** A section without those beneath it. */
function entriesOf({ topic, title, tokens }: SitePage): readonly Entry[] {
  const headings = headingsOf(tokens);
  return headings.map(({ at, title: heading, anchor, depth }, place): Entry => {
    const within = tokens.slice(at + 1, headings[place + 1]?.at);
    const text = within.map((token) => searched(token.raw)).join(" ");
    return [`${addressOf(topic)}${depth === 1 ? "" : `#${anchor}`}`, title, heading, text.trim()];
  });
}

/** Text without the marks of Markdown, as people would look for it. */
const searched = (raw: string) =>
  plainText(tokensOf(raw.replace(/<!--[\s\S]*?-->/g, "")))
    .replace(/\]\([^)]*\)|[*`[\]|]|-{3,}/g, " ")
    .replace(/\s+/g, " ");

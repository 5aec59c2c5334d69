/** A page's Markdown as HTML, with links that hold within the site. */
import path from "node:path";
import { Marked, type Token, type Tokens } from "marked";
import { headingsOf, isComment } from "../../cli/docs/markdown.ts";
import { addressOf, escaped, type SitePage, upFrom } from "./frame.ts";

/** The places that a link may lead to; files are named from the root. */
export interface Targets {
  /** The topic of each page's file. */
  readonly topics: ReadonlyMap<string, string>;
  /** Files that stand beside the pages. */
  readonly beside: ReadonlySet<string>;
  /** The address of the sources, if there is one. */
  readonly sources: string | undefined;
}

/** The content of a page, from its heading on. */
export function bodyHtml(page: SitePage, targets: Targets): string {
  const anchors = new Map(
    headingsOf(page.tokens).map(({ at, anchor }) => [page.tokens[at], anchor]),
  );
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading(token) {
        const anchor = anchors.get(token) ?? "";
        const text = this.parser.parseInline(token.tokens);
        const link = `<a class="here" href="#${anchor}" aria-label="Link to this section">#</a>`;
        return `<h${token.depth} id="${anchor}">${text} ${link}</h${token.depth}>\n`;
      },
      link(token) {
        const text = this.parser.parseInline(token.tokens);
        const address = linkOf(token.href, page, targets);
        return address === undefined ? text : `<a href="${escaped(address)}">${text}</a>`;
      },
      image(token) {
        const address = linkOf(token.href, page, targets);
        return `<img src="${escaped(address ?? "")}" alt="${escaped(token.text)}" loading="lazy">`;
      },
      // A placeholder such as <id> is text.
      html: ({ raw }) => (/^<br\s*\/?>$/.test(raw) ? "<br>" : escaped(raw)),
      code: ({ text }) => `<pre tabindex="0"><code>${escaped(text)}</code></pre>\n`,
      table(token) {
        return `<div class="wide" tabindex="0">${tableHtml(token, (each) =>
          this.parser.parseInline(each),
        )}</div>\n`;
      },
    },
  });
  return marked.parser(page.tokens.filter((token) => !isComment(token)));
}

function tableHtml({ header, rows }: Tokens.Table, inline: (tokens: Token[]) => string): string {
  const cells = (row: readonly Tokens.TableCell[], tag: "td" | "th") =>
    `<tr>${row.map(({ tokens }) => `<${tag}>${inline(tokens)}</${tag}>`).join("")}</tr>`;
  const head = header.some(({ text }) => text !== "")
    ? `<thead>${cells(header, "th")}</thead>`
    : "";
  return `<table>${head}<tbody>${rows.map((row) => cells(row, "td")).join("\n")}</tbody></table>`;
}

/** The address within the site; undefined where the site has nothing to lead to. */
function linkOf(href: string, { file, topic }: SitePage, targets: Targets): string | undefined {
  if (/^[a-z]+:/.test(href) || href.startsWith("#")) return href;
  const [name = "", anchor] = href.split("#", 2);
  const target = path.posix.join(path.posix.dirname(file), name);
  const beneath = anchor === undefined ? "" : `#${anchor}`;
  const known = targets.topics.get(target);
  if (known !== undefined) return `${upFrom(topic)}${addressOf(known)}${beneath}`;
  if (targets.beside.has(target)) return `${upFrom(topic)}${path.posix.relative("docs", target)}`;
  return targets.sources && `${targets.sources}/${target}${beneath}`;
}

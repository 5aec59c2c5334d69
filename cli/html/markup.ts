/** HTML in which everything from outside is text. */
import { visible } from "../../shared/domain/values/visible-text.ts";

/** A piece of HTML that is right by itself. Only `markup` makes one. */
export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

/** The values that may stand in a template. */
type Content = string | number | Markup | readonly Markup[] | null | undefined | false;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for elements and for attributes in quotes, with hidden characters as escapes. */
const escaped = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

/** A template of HTML; each value is escaped, unless it is markup itself. */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(
    parts.map((part, at) => part + (at < values.length ? htmlOf(values[at]) : "")).join(""),
  );
}

function htmlOf(content: Content): string {
  if (content === null || content === undefined || content === false) return "";
  if (content instanceof Markup) return content.html;
  if (typeof content === "string" || typeof content === "number") return escaped(String(content));
  return content.map(({ html }) => html).join("");
}

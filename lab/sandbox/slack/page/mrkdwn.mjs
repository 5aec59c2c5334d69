/** Slack's mrkdwn, drawn: https://docs.slack.dev/messaging/formatting-message-text. */
import { el } from "./dom.mjs";
import { EMOJI } from "./emoji.mjs";
import { messageOf, openMessage } from "./message-link.mjs";
import { dateText } from "./time.mjs";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const decoded = (text) => text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);

const withEmoji = (text) =>
  text.replace(/:([a-z0-9_+-]+):/g, (whole, name) =>
    Object.hasOwn(EMOJI, name) ? EMOJI[name] : whole,
  );

const plain = (text) => document.createTextNode(withEmoji(decoded(text)));

/** `*bold*` and similar styles stand between word borders, and not across lines. */
const STYLED = /(^|[^\p{L}\p{N}*_~])([*_~])(?=\S)((?:(?!\2)[^\n])*\S)\2(?![\p{L}\p{N}*_~])/u;
const TAGS = { "*": "strong", _: "em", "~": "s" };

function styled(text) {
  const match = STYLED.exec(text);
  if (!match) return [plain(text)];
  const [whole, before, mark, inner] = match;
  const start = match.index + before.length;
  return [
    plain(text.slice(0, start)),
    el(TAGS[mark], {}, ...styled(inner)),
    ...styled(text.slice(match.index + whole.length)),
  ];
}

const mention = (text) => el("span", { class: "mention" }, text);

/** Slack's client opens the link to a message in place. Others open in a tab of their own. */
function link(href, label) {
  const place = messageOf(href);
  if (!place) return el("a", { href, target: "_blank", rel: "noreferrer" }, label);
  const open = (event) => {
    event.preventDefault();
    openMessage(place);
  };
  return el("a", { href, onclick: open }, label);
}

/** The text between `<` and `>`. @param names by id: of people and channels */
function special(inner, names) {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? undefined : inner.slice(bar + 1);
  if (target.startsWith("@")) return mention(`@${names[target.slice(1)] ?? target.slice(1)}`);
  if (target.startsWith("#")) return mention(`#${names[target.slice(1)] ?? label ?? target}`);
  if (target.startsWith("!date^")) return el("time", {}, dateText(target, label ?? ""));
  if (target.startsWith("!")) return mention(`@${label ?? target.slice(1)}`);
  if (/^(https?|mailto):/.test(target)) return link(decoded(target), decoded(label ?? target));
  return plain(`<${inner}>`);
}

const TOKEN = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>/g;

function inline(given, names) {
  const text = given.replace(/[\uE000\uE001]/g, "");
  const nodes = [];
  let at = 0;
  // Styles reach over links: they are found first, with the links as placeholders.
  const kept = [];
  let marked = "";
  for (const match of text.matchAll(TOKEN)) {
    const [whole, block, code, angle] = match;
    const node =
      block !== undefined
        ? el("pre", {}, decoded(block.replace(/^\n/, "")))
        : code !== undefined
          ? el("code", {}, decoded(code))
          : special(angle, names);
    kept.push(node);
    marked += `${text.slice(at, match.index)}\uE000${kept.length - 1}\uE001`;
    at = match.index + whole.length;
  }
  marked += text.slice(at);
  for (const node of styled(marked)) nodes.push(restored(node, kept));
  return nodes;
}

/** Puts the links and the code back where they stood. */
function restored(node, kept) {
  if (node.nodeType === Node.TEXT_NODE) {
    const parts = node.data.split(/\uE000(\d+)\uE001/);
    if (parts.length === 1) return node;
    const whole = document.createDocumentFragment();
    parts.forEach((part, at) => {
      whole.append(at % 2 === 1 ? kept[Number(part)] : part);
    });
    return whole;
  }
  for (const child of [...node.childNodes]) child.replaceWith(restored(child, kept));
  return node;
}

/** Runs of lines that begin with `>` are quotes. */
export function mrkdwn(text, names) {
  const groups = [];
  const hasCode = text.includes("```");
  for (const line of text.split("\n")) {
    const isQuote = !hasCode && /^(>|&gt;) ?/.test(line);
    const last = groups.at(-1);
    const shown = isQuote ? line.replace(/^(>|&gt;) ?/, "") : line;
    if (last && last.isQuote === isQuote) last.lines.push(shown);
    else groups.push({ isQuote, lines: [shown] });
  }
  return groups.map(({ isQuote, lines }) =>
    el(isQuote ? "blockquote" : "div", { class: "mrkdwn" }, ...inline(lines.join("\n"), names)),
  );
}

/** A text object of Block Kit. */
export function textObject({ type, text, emoji }, names) {
  if (type === "mrkdwn") return mrkdwn(text, names);
  return [el("div", { class: "mrkdwn" }, plainText({ text, emoji }))];
}

/** Slack decodes its three entities in `plain_text` too, and keeps `:name:` as it is where `emoji` is false. */
export function plainText(object) {
  const text = decoded(object?.text ?? "");
  return object?.emoji === false ? text : withEmoji(text);
}

/** The messages of a channel, with the answers of their threads. */
import { blockUse } from "./act.mjs";
import { drawBlocks } from "./blocks.mjs";
import { el } from "./dom.mjs";
import { mrkdwn } from "./mrkdwn.mjs";
import { clockTime } from "./time.mjs";

/** A person's colour stays the same wherever they appear. */
const hue = (id) => [...id].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 360;

export function avatar(person, isApp) {
  const node = el("div", { class: isApp ? "avatar app" : "avatar", "aria-hidden": "true" });
  node.append(isApp ? "T" : (person?.realName ?? "?").charAt(0));
  if (!isApp) node.style.backgroundColor = `hsl(${hue(person?.id ?? "")} 45% 45%)`;
  return node;
}

const classOf = (app, { ts, onlyForYou }) =>
  `message${onlyForYou ? " only" : ""}${app.linked === ts ? " linked" : ""}`;

function drawMessage(app, message) {
  const { people, app: own } = app.state;
  const person = people.find(({ id }) => id === message.user);
  const isApp = message.user === own.userId;
  const place = `${message.channel}-${message.ts}`;
  const where = { channel: message.channel, ts: message.ts };
  const content =
    message.blocks.length > 0
      ? drawBlocks(message.blocks, blockUse(app, place, where))
      : mrkdwn(message.text, app.names());
  return el(
    "article",
    { class: classOf(app, message), "data-ts": message.ts },
    avatar(person, isApp),
    el(
      "div",
      { class: "content" },
      message.onlyForYou && el("div", { class: "onlyForYou" }, "Only visible to you"),
      el(
        "div",
        { class: "head" },
        el("strong", {}, isApp ? own.name : (person?.realName ?? message.user)),
        isApp && el("span", { class: "badge" }, "APP"),
        el("time", {}, clockTime(message.ts)),
      ),
      ...content,
      message.edited && message.blocks.length === 0 && el("span", { class: "edited" }, "(edited)"),
    ),
  );
}

/** Everything in a channel, the oldest first; answers stand below what they answer. */
export function drawMessages(app, channel) {
  const all = app.state.messages.filter((message) => message.channel === channel);
  const roots = all.filter(({ threadTs }) => threadTs === null);
  if (roots.length === 0) return [el("p", { class: "empty" }, "No messages yet.")];
  return roots.map((root) => {
    const replies = all.filter(({ threadTs }) => threadTs === root.ts);
    if (replies.length === 0) return drawMessage(app, root);
    const count = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
    return el(
      "div",
      {},
      drawMessage(app, root),
      el(
        "div",
        { class: "thread" },
        el("div", { class: "count" }, count),
        ...replies.map((reply) => drawMessage(app, reply)),
      ),
    );
  });
}

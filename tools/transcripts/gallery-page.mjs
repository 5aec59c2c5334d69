/** Draws the messages and views of one part of the gallery, as the sandbox's Slack draws them. */
import { drawBlocks } from "../../lab/sandbox/slack/page/blocks.mjs";
import { el } from "../../lab/sandbox/slack/page/dom.mjs";
import { plainText } from "../../lab/sandbox/slack/page/mrkdwn.mjs";

/** Nobody acts in a picture. */
const IDLE = {
  ...{ names: {}, errors: {} },
  ...{ valueOf: () => undefined, set() {}, send() {}, suggest: async () => [] },
};

function draw({ name, content, view }) {
  const { title, blocks, submit } = view ?? content;
  return el(
    "figure",
    {},
    el("figcaption", {}, name),
    title && el("h2", {}, plainText(title)),
    ...drawBlocks(blocks, { ...IDLE, place: name }),
    submit && el("footer", {}, el("button", { class: "button primary" }, plainText(submit))),
  );
}

const shown = JSON.parse(document.getElementById("shown").textContent);
document.body.append(...shown.map(draw), el("span", { id: "drawn" }));

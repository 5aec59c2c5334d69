/** Blocks of Block Kit, drawn. */
import { el } from "./dom.mjs";
import { drawElement } from "./elements.mjs";
import { plainText, textObject } from "./mrkdwn.mjs";

/**
 * @param use `names` by id; `valuesOf(blockId, actionId)`, `set`, `send`, `suggest` for elements;
 *   `errors` by block id
 */
export function drawBlocks(blocks, use) {
  return blocks.map((block) => {
    const draw = BLOCKS[block.type];
    const node = draw ? draw(block, use) : el("em", {}, `${block.type} is not drawn here`);
    node.dataset.blockId = block.block_id;
    return node;
  });
}

function elementIn(block, element, use, label) {
  const at = { blockId: block.block_id, actionId: element.action_id };
  const isInput = block.type === "input";
  return drawElement(element, {
    id: `${use.place}-${at.blockId}-${at.actionId}`,
    label,
    given: use.valueOf(at),
    set: (value) => use.set(at, value),
    // An input is sent with its form, unless its block asks for each change.
    send: (value) => {
      if (value !== undefined) use.set(at, value);
      return isInput && !block.dispatch_action ? undefined : use.send(at, value);
    },
    suggest: (value) => use.suggest(at, value),
  });
}

const BLOCKS = {
  header: (block) => el("h3", { class: "block header" }, plainText(block.text)),

  divider: () => el("hr", { class: "block" }),

  context: (block, use) =>
    el(
      "div",
      { class: "block context" },
      ...block.elements.map((each) => el("span", {}, ...textObject(each, use.names))),
    ),

  section(block, use) {
    const fields = block.fields?.map((each) =>
      el("div", { class: "field" }, ...textObject(each, use.names)),
    );
    return el(
      "div",
      { class: "block section" },
      el(
        "div",
        { class: "text" },
        ...(block.text ? textObject(block.text, use.names) : []),
        fields && el("div", { class: "fields" }, ...fields),
      ),
      block.accessory &&
        el("div", { class: "accessory" }, elementIn(block, block.accessory, use, block.text?.text)),
    );
  },

  actions: (block, use) =>
    el(
      "div",
      { class: "block actions" },
      ...block.elements.map((each) => elementIn(block, each, use, plainText(each.placeholder))),
    ),

  input(block, use) {
    const error = use.errors?.[block.block_id];
    const label = plainText(block.label);
    return el(
      "div",
      { class: error ? "block input wrong" : "block input" },
      el(
        "div",
        { class: "label" },
        label,
        block.optional && el("span", { class: "optional" }, " (optional)"),
      ),
      elementIn(block, block.element, use, label),
      error && el("div", { class: "error", role: "alert" }, `⚠ ${error}`),
      block.hint && el("div", { class: "hint" }, plainText(block.hint)),
    );
  },
};

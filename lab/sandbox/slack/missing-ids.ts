import { isObject, type JsonObject } from "./blocks/check.ts";

const INTERACTIVE = new Set([
  "button",
  "static_select",
  "multi_static_select",
  "external_select",
  "multi_external_select",
  "overflow",
  "datepicker",
  "timepicker",
  "checkboxes",
  "radio_buttons",
  "plain_text_input",
]);

/** Slack's generated ids are short, random and without meaning. */
const generated = () => Math.random().toString(36).slice(2, 7);

const withActionId = (element: unknown): unknown =>
  isObject(element) && INTERACTIVE.has(String(element["type"]))
    ? { action_id: generated(), ...element }
    : element;

function withIds(block: JsonObject): JsonObject {
  const { elements, accessory, element } = block;
  return {
    block_id: generated(),
    ...block,
    ...(Array.isArray(elements) ? { elements: elements.map(withActionId) } : {}),
    ...(accessory === undefined ? {} : { accessory: withActionId(accessory) }),
    ...(element === undefined ? {} : { element: withActionId(element) }),
  };
}

/** Blocks as Slack keeps them: with a `block_id` and `action_id` where the app gave none. */
export const withMissingIds = (blocks: unknown): readonly JsonObject[] =>
  Array.isArray(blocks) ? blocks.filter(isObject).map(withIds) : [];

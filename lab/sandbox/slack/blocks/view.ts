/** Modals and App Home. Limits: docs.slack.dev, Views. */

import { viewBlocks } from "./blocks.ts";
import {
  byType,
  type Check,
  fault,
  flag,
  isObject,
  type JsonObject,
  object,
  text,
} from "./check.ts";
import { plainText } from "./composition.ts";

const BUTTON_OR_TITLE = plainText(24);

const COMMON = {
  callback_id: text({ max: 255 }),
  external_id: text({ min: 0, max: 255 }),
  private_metadata: text({ min: 0, max: 3_000 }),
};

function submitForInputs(view: JsonObject, pointer: string): readonly string[] {
  const { blocks, submit } = view;
  if (submit !== undefined || !Array.isArray(blocks)) return [];
  const at = blocks.findIndex((block) => isObject(block) && block["type"] === "input");
  if (at < 0) return [];
  return fault(
    "must define `submit` to use an `input` block in modals",
    `${pointer}/blocks/${at}/input`,
  );
}

const MODAL = object({
  required: { title: BUTTON_OR_TITLE, blocks: viewBlocks },
  optional: {
    ...COMMON,
    submit: BUTTON_OR_TITLE,
    close: BUTTON_OR_TITLE,
    clear_on_close: flag,
    notify_on_close: flag,
  },
  whole: submitForInputs,
});

const HOME = object({ required: { blocks: viewBlocks }, optional: COMMON });

export const modalView: Check = byType({ modal: MODAL });
export const homeView: Check = byType({ home: HOME });

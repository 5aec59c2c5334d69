/** The blocks of a message or of a view. A type that is not here is refused by its name. */
import {
  byType,
  type Check,
  fault,
  flag,
  isObject,
  type JsonObject,
  list,
  object,
  text,
} from "./check.ts";
import { anyText, plainText } from "./composition.ts";
import { ELEMENTS, plainTextInput } from "./elements.ts";

const BLOCK_ID = { block_id: text({ max: 255 }) };

const { overflow: _overflow, ...inputs } = ELEMENTS;
const { button: _button, ...INPUT_ELEMENTS } = inputs;

const textOrFields = (block: JsonObject, pointer: string): readonly string[] =>
  block["text"] === undefined && block["fields"] === undefined
    ? fault("must define `text` or `fields`", pointer)
    : [];

const BLOCKS: Readonly<Record<string, Check>> = {
  header: object({ required: { text: plainText(150) }, optional: BLOCK_ID }),
  section: object({
    optional: {
      ...BLOCK_ID,
      text: anyText(3_000),
      fields: list(anyText(2_000), { max: 10 }),
      accessory: byType(ELEMENTS),
      expand: flag,
    },
    whole: textOrFields,
  }),
  context: object({
    required: { elements: list(anyText(3_000), { max: 10 }) },
    optional: BLOCK_ID,
  }),
  actions: object({
    required: { elements: list(byType(ELEMENTS), { max: 25 }) },
    optional: BLOCK_ID,
  }),
  divider: object({ optional: BLOCK_ID }),
  input: object({
    required: {
      label: plainText(2_000),
      element: byType({ ...INPUT_ELEMENTS, plain_text_input: plainTextInput }),
    },
    optional: { ...BLOCK_ID, hint: plainText(2_000), optional: flag, dispatch_action: flag },
  }),
};

const MOST_IN_A_MESSAGE = 50;
const MOST_IN_A_VIEW = 100;

/** The elements of a block that can be acted on, wherever they stand in it. */
export function elementsOf(block: JsonObject): readonly JsonObject[] {
  const { elements, accessory, element } = block;
  const all = [...(Array.isArray(elements) ? elements : []), accessory, element];
  return all.filter(isObject).filter(({ type }) => type !== "mrkdwn" && type !== "plain_text");
}

/** Pointers of what repeats an earlier name; names that are absent repeat nothing. */
const repeated = (names: readonly unknown[]): readonly number[] =>
  names.flatMap((name, at) => (name !== undefined && names.indexOf(name) < at ? [at] : []));

function repeatedIds(blocks: readonly JsonObject[], pointer: string): readonly string[] {
  const blockIds = repeated(blocks.map((block) => block["block_id"])).flatMap((at) =>
    fault(`\`block_id\` must be unique: ${blocks[at]?.["block_id"]}`, `${pointer}/${at}/block_id`),
  );
  const actionIds = blocks.flatMap((block, at) => {
    const ids = elementsOf(block).map((element) => element["action_id"]);
    return repeated(ids).flatMap((which) =>
      fault(`\`action_id\` must be unique in its block: ${ids[which]}`, `${pointer}/${at}`),
    );
  });
  return [...blockIds, ...actionIds];
}

const blocksOf =
  (max: number): Check =>
  (value, pointer) => {
    const found = list(byType(BLOCKS), { min: 0, max })(value, pointer);
    return found.length > 0 || !Array.isArray(value) ? found : repeatedIds(value, pointer);
  };

export const messageBlocks = blocksOf(MOST_IN_A_MESSAGE);
export const viewBlocks = blocksOf(MOST_IN_A_VIEW);

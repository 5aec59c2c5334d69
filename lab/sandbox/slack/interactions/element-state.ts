/** The values that people typed and chose, as payloads carry them in `state.values`. */

import { elementsOf } from "../blocks/blocks.ts";
import { isObject, type JsonObject } from "../blocks/check.ts";
import { optionsOf } from "../blocks/elements.ts";
import { InvalidAction } from "./invalid-action.ts";
import type { GivenValues } from "./user-action.ts";

type ElementState = Readonly<Record<string, unknown>>;

/** @throws InvalidAction for an option that the element does not have */
function chosen(element: JsonObject, given: unknown): JsonObject {
  // The options of an external select come from the app: the client hands the chosen one over.
  if (isObject(given)) return given;
  const found = optionsOf(element).find(({ value }) => value === given);
  if (!found)
    throw new InvalidAction(`${String(element["action_id"])} has no option ${String(given)}.`);
  return found;
}

const single =
  (member: string, initial: string) =>
  (element: JsonObject, given: unknown): ElementState => ({
    [member]: given === undefined ? (element[initial] ?? null) : given === "" ? null : given,
  });

const oneOption = (element: JsonObject, given: unknown): ElementState => ({
  selected_option:
    given === undefined
      ? (element["initial_option"] ?? null)
      : given === null || given === ""
        ? null
        : chosen(element, given),
});

const severalOptions = (element: JsonObject, given: unknown): ElementState => ({
  selected_options:
    given === undefined
      ? (element["initial_options"] ?? [])
      : (Array.isArray(given) ? given : []).map((each) => chosen(element, each)),
});

/** By an element's type: its state, from what was given and what the app set at first. */
const STATES: Readonly<Record<string, (element: JsonObject, given: unknown) => ElementState>> = {
  plain_text_input: single("value", "initial_value"),
  datepicker: single("selected_date", "initial_date"),
  timepicker: single("selected_time", "initial_time"),
  static_select: oneOption,
  external_select: oneOption,
  radio_buttons: oneOption,
  multi_static_select: severalOptions,
  multi_external_select: severalOptions,
  checkboxes: severalOptions,
  overflow: oneOption,
};

/** An action's fields about its element beyond ids: a button's value, or the choice. */
export function elementState(element: JsonObject, given: unknown): ElementState {
  const type = String(element["type"]);
  const state = Object.hasOwn(STATES, type) ? STATES[type] : undefined;
  if (state) return { type, ...state(element, given) };
  const { value, text } = element;
  return { type, text, ...(value === undefined ? {} : { value }) };
}

/** `state.values` of everything in the blocks that holds a value. */
export function stateValues(blocks: readonly JsonObject[], given: GivenValues): JsonObject {
  const entries = blocks.flatMap((block) => {
    const holders = elementsOf(block).filter(
      ({ type }) => type !== "overflow" && Object.hasOwn(STATES, String(type)),
    );
    if (holders.length === 0) return [];
    const blockId = String(block["block_id"]);
    const states = holders.map((element) => {
      const actionId = String(element["action_id"]);
      return [actionId, elementState(element, given[blockId]?.[actionId])];
    });
    return [[blockId, Object.fromEntries(states)]];
  });
  return Object.fromEntries(entries);
}

const isEmpty = (state: unknown) =>
  isObject(state) &&
  Object.entries(state).some(
    ([name, value]) =>
      name !== "type" &&
      (value === null || value === "" || (Array.isArray(value) && value.length === 0)),
  );

function fieldError(block: JsonObject, state: unknown): string | undefined {
  const { element } = block;
  if (!isObject(element)) return undefined;
  if (isEmpty(state))
    return block["optional"] === true ? undefined : "Please complete this required field.";
  const text = isObject(state) ? state["value"] : undefined;
  if (typeof text !== "string") return undefined;
  const { min_length: least, max_length: most } = element;
  if (typeof least === "number" && text.length < least)
    return `Please enter at least ${least} characters.`;
  if (typeof most === "number" && text.length > most)
    return `Please enter at most ${most} characters.`;
  return undefined;
}

/**
 * The checks of Slack's client before it sends a form.
 * @throws InvalidAction with the error at each field
 */
export function checkForm(blocks: readonly JsonObject[], values: JsonObject): void {
  const errors = blocks.flatMap((block) => {
    if (block["type"] !== "input") return [];
    const [state] = Object.values((values[String(block["block_id"])] ?? {}) as JsonObject);
    const error = fieldError(block, state);
    return error === undefined ? [] : [[String(block["block_id"]), error] as const];
  });
  if (errors.length > 0)
    throw new InvalidAction("The form is not complete.", Object.fromEntries(errors));
}

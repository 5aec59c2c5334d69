/** Interactive elements by type, with the limits of docs.slack.dev, Block Kit. */
import {
  type Check,
  fault,
  flag,
  isObject,
  type JsonObject,
  list,
  matching,
  object,
  oneOf,
  text,
  wholeNumber,
} from "./check.ts";
import { confirmation, markedOption, option, optionGroup, plainText } from "./composition.ts";

const ACTION_ID = { action_id: text({ max: 255 }) };
const placeholder = plainText(150);
const DAY = matching(/^\d{4}-\d{2}-\d{2}$/, "must be a date of the form YYYY-MM-DD");
const TIME = matching(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of the form HH:mm");

/** The options of an element, those of its groups among them. */
export function optionsOf(element: JsonObject): readonly JsonObject[] {
  const { options, option_groups: groups } = element;
  const lists = Array.isArray(groups)
    ? groups.map((group) => (isObject(group) ? group["options"] : []))
    : [options];
  return lists.flatMap((each) => (Array.isArray(each) ? each.filter(isObject) : []));
}

/** Slack compares the whole option, label included. */
const isAmong = (initial: unknown, options: readonly JsonObject[]) =>
  options.some((each) => JSON.stringify(each) === JSON.stringify(initial));

const initialAmongOptions = (element: JsonObject, pointer: string): readonly string[] => {
  const options = optionsOf(element);
  const one = element["initial_option"];
  const several = element["initial_options"];
  const initial = [...(one === undefined ? [] : [one]), ...(Array.isArray(several) ? several : [])];
  const name = one === undefined ? "initial_options" : "initial_option";
  return initial.every((each) => isAmong(each, options))
    ? []
    : fault(`\`${name}\` must match one of the options`, `${pointer}/${name}`);
};

const optionsOrGroups = (element: JsonObject, pointer: string): readonly string[] => {
  const given = ["options", "option_groups"].filter((name) => element[name] !== undefined);
  return given.length === 1
    ? initialAmongOptions(element, pointer)
    : fault("must define exactly one of `options` and `option_groups`", pointer);
};

const COMMON = { ...ACTION_ID, confirm: confirmation, focus_on_load: flag };
const STATIC = {
  options: list(option, { max: 100 }),
  option_groups: list(optionGroup, { max: 100 }),
};
const SEVERAL = { max_selected_items: wholeNumber(1, 100) };
/** Between no characters and this many are typed before an app is asked for options. */
const MOST_QUERY = 255;

const choices = (most: number): Check =>
  object({
    required: { options: list(markedOption, { max: most }) },
    optional: { ...COMMON, initial_options: list(markedOption, { max: most }) },
    whole: initialAmongOptions,
  });

/** Elements of `actions`, of a section's accessory, or of an input. */
export const ELEMENTS = {
  button: object({
    required: { text: plainText(75) },
    optional: {
      ...ACTION_ID,
      url: text({ max: 3_000 }),
      value: text({ max: 2_000 }),
      style: oneOf("primary", "danger"),
      confirm: confirmation,
      accessibility_label: text({ max: 75 }),
    },
  }),
  static_select: object({
    optional: { ...COMMON, ...STATIC, placeholder, initial_option: option },
    whole: optionsOrGroups,
  }),
  multi_static_select: object({
    optional: {
      ...COMMON,
      ...STATIC,
      ...SEVERAL,
      placeholder,
      initial_options: list(option, { max: 100 }),
    },
    whole: optionsOrGroups,
  }),
  external_select: object({
    optional: {
      ...COMMON,
      placeholder,
      initial_option: option,
      min_query_length: wholeNumber(0, MOST_QUERY),
    },
  }),
  multi_external_select: object({
    optional: {
      ...COMMON,
      ...SEVERAL,
      placeholder,
      initial_options: list(option, { max: 100 }),
      min_query_length: wholeNumber(0, MOST_QUERY),
    },
  }),
  overflow: object({
    required: { options: list(option, { max: 5 }) },
    optional: { ...ACTION_ID, confirm: confirmation },
  }),
  datepicker: object({ optional: { ...COMMON, placeholder, initial_date: DAY } }),
  timepicker: object({
    optional: { ...COMMON, placeholder, initial_time: TIME, timezone: text({ max: 100 }) },
  }),
  checkboxes: choices(10),
  radio_buttons: object({
    required: { options: list(markedOption, { max: 10 }) },
    optional: { ...COMMON, initial_option: markedOption },
    whole: initialAmongOptions,
  }),
} as const satisfies Readonly<Record<string, Check>>;

const MOST_TYPED = 3_000;

export const plainTextInput: Check = object({
  optional: {
    ...ACTION_ID,
    placeholder,
    initial_value: text({ min: 0, max: MOST_TYPED }),
    multiline: flag,
    min_length: wholeNumber(0, MOST_TYPED),
    max_length: wholeNumber(1, MOST_TYPED),
    focus_on_load: flag,
    dispatch_action_config: object({
      required: {
        trigger_actions_on: list(oneOf("on_enter_pressed", "on_character_entered"), { max: 2 }),
      },
    }),
  },
});

/**
 * The small language that Block Kit's rules are written in. Slack's answers name the fault and its
 * place, as `[ERROR] must be less than 25 characters [json-pointer:/view/title/text]`. The
 * sentences here are those that Slack was seen to answer.
 */

/** Everything that is wrong with the value at `pointer`; none if it is as Slack takes it. */
export type Check = (value: unknown, pointer: string) => readonly string[];

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** One fault, as Slack words it. */
export const fault = (sentence: string, pointer: string): readonly string[] => [
  `[ERROR] ${sentence} [json-pointer:${pointer}]`,
];

/** A text of `min` to `max` characters. Slack counts UTF-16 units, as JavaScript does. */
export const text =
  ({ min = 1, max }: { readonly min?: number; readonly max: number }): Check =>
  (value, pointer) => {
    if (typeof value !== "string") return fault("must be a string", pointer);
    if (value.length < min) return fault(`must be more than ${min - 1} characters`, pointer);
    if (value.length > max) return fault(`must be less than ${max + 1} characters`, pointer);
    return [];
  };

export const matching =
  (pattern: RegExp, sentence: string): Check =>
  (value, pointer) =>
    typeof value === "string" && pattern.test(value) ? [] : fault(sentence, pointer);

export const flag: Check = (value, pointer) =>
  typeof value === "boolean" ? [] : fault("must be a boolean", pointer);

export const wholeNumber =
  (min: number, max: number): Check =>
  (value, pointer) =>
    typeof value === "number" && Number.isInteger(value) && value >= min && value <= max
      ? []
      : fault(`must be an integer from ${min} to ${max}`, pointer);

export const oneOf =
  (...values: readonly string[]): Check =>
  (value, pointer) =>
    typeof value === "string" && values.includes(value)
      ? []
      : fault(`must be a valid enum value: ${values.join(", ")}`, pointer);

export const list =
  (each: Check, { min = 1, max }: { readonly min?: number; readonly max: number }): Check =>
  (value, pointer) => {
    if (!Array.isArray(value)) return fault("must be an array", pointer);
    if (value.length < min) return fault(`must provide at least ${min} items`, pointer);
    if (value.length > max) return fault(`no more than ${max} items allowed`, pointer);
    return value.flatMap((one, at) => each(one, `${pointer}/${at}`));
  };

export interface Members {
  readonly required?: Readonly<Record<string, Check>>;
  readonly optional?: Readonly<Record<string, Check>>;
  /** A check over several members at once, made if each is right by itself. */
  readonly whole?: (value: JsonObject, pointer: string) => readonly string[];
}

/** An object with these members and no other. `type` is checked by {@link byType}. */
export const object =
  ({ required = {}, optional = {}, whole }: Members): Check =>
  (value, pointer) => {
    if (!isObject(value)) return fault("must be an object", pointer);
    const known: Readonly<Record<string, Check>> = { ...required, ...optional };
    const missing = Object.keys(required).filter((name) => value[name] === undefined);
    const found = [
      ...missing.flatMap((name) => fault(`missing required field: ${name}`, pointer)),
      ...Object.entries(value).flatMap(([name, member]) => {
        if (name === "type" || member === undefined) return [];
        const check = Object.hasOwn(known, name) ? known[name] : undefined;
        return check
          ? check(member, `${pointer}/${name}`)
          : fault(`invalid additional property: ${name}`, pointer);
      }),
    ];
    return found.length > 0 || !whole ? found : whole(value, pointer);
  };

/** An object whose `type` says what its other members are. */
export const byType =
  (kinds: Readonly<Record<string, Check>>): Check =>
  (value, pointer) => {
    if (!isObject(value)) return fault("must be an object", pointer);
    const { type } = value;
    if (type === undefined) return fault("missing required field: type", pointer);
    const kind = typeof type === "string" && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    return kind
      ? kind(value, pointer)
      : fault(`unsupported type: ${String(type)}`, `${pointer}/type`);
  };

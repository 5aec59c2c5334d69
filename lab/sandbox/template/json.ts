/** JSON as CloudFormation templates hold it, and readers that name what they miss. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The members of one resource, read by name; every error names the resource and the member. */
export interface Members {
  /** The object itself. */
  readonly all: JsonObject;
  /** The member as it is; undefined where it is missing. */
  raw(name: string): Json | undefined;
  text(name: string): string;
  optionalText(name: string): string | undefined;
  /** CloudFormation writes numbers as numbers or as strings of digits. */
  number(name: string, otherwise: number): number;
  flag(name: string, otherwise: boolean): boolean;
  list(name: string): readonly Json[];
  texts(name: string): readonly string[];
  object(name: string): JsonObject;
  /** Members of a nested object; empty where it is missing. */
  members(name: string): Members;
  names(): readonly string[];
}

/** Reads `object`, which refusals call `owner`: `ConvergeQueue (AWS::SQS::Queue)`. */
export function membersOf(owner: string, object: JsonObject): Members {
  const refuse = (name: string, wanted: string): never => {
    throw new Error(
      `${owner}: ${name} must be ${wanted}, and is ${JSON.stringify(object[name])}. Nothing was started.`,
    );
  };
  const list = (name: string): readonly Json[] => {
    const value = object[name] ?? [];
    return Array.isArray(value) ? value : refuse(name, "a list");
  };
  const nested = (name: string): JsonObject => {
    const value = object[name] ?? {};
    return isObject(value) ? value : refuse(name, "an object");
  };
  const optionalText = (name: string): string | undefined => {
    const value = object[name];
    if (value === undefined || typeof value === "string") return value;
    return refuse(name, "a string");
  };
  return {
    all: object,
    raw: (name) => object[name],
    text: (name) => optionalText(name) ?? refuse(name, "a string"),
    optionalText,
    number(name, otherwise) {
      const value = object[name] ?? otherwise;
      const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
      return typeof number === "number" ? number : refuse(name, "a number");
    },
    flag(name, otherwise) {
      const value = object[name] ?? otherwise;
      return typeof value === "boolean" ? value : refuse(name, "true or false");
    },
    list,
    texts: (name) =>
      list(name).map((item) =>
        typeof item === "string" ? item : refuse(name, "a list of strings"),
      ),
    object: nested,
    members: (name) => membersOf(`${owner}: ${name}`, nested(name)),
    names: () => Object.keys(object),
  };
}

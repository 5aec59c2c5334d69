/** The functions of Terraform that the module calls. https://developer.hashicorp.com/terraform/language/functions */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** A value that is known only once AWS has answered. */
export const UNKNOWN = Symbol("known after apply");

type Values = readonly unknown[];

const list = (value: unknown): Values => {
  if (!Array.isArray(value)) throw new Error(`No list: ${JSON.stringify(value)}`);
  return value;
};

export const FUNCTIONS: Readonly<Record<string, (...values: readonly unknown[]) => unknown>> = {
  file: (name) => readFileSync(String(name), "utf8"),
  filesha256: (name) =>
    createHash("sha256")
      .update(readFileSync(String(name)))
      .digest("hex"),
  endswith: (text, end) => String(text).endsWith(String(end)),
  jsondecode: (text) => JSON.parse(String(text)),
  length: (value) =>
    typeof value === "string" ? value.length : Object.keys(value as object).length,
  keys: (value) => Object.keys(value as object).toSorted(),
  contains: (all, one) => list(all).includes(one),
  join: (separator, all) =>
    list(all).includes(UNKNOWN) ? UNKNOWN : list(all).join(String(separator)),
  merge: (...maps) => Object.assign({}, ...maps),
  setsubtract: (all, without) => list(all).filter((one) => !list(without).includes(one)),
  toset: (all) => [...new Set(list(all))].toSorted(),
  one: (all) => {
    if (list(all).length > 1) throw new Error("one: more than one element");
    return list(all)[0] ?? null;
  },
  regex: (pattern, text) => {
    const [found] = new RegExp(String(pattern)).exec(String(text)) ?? [];
    if (found === undefined) throw new Error(`regex: ${text} does not match`);
    return found;
  },
};

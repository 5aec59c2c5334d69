/** Reading answers of services whose form nobody guarantees. */
import { NoAnswer } from "./no-answer.ts";

/** A value that came as JSON; undefined where the body was not JSON. */
export type Json = unknown;

/** An own member of an object, or undefined: an answer may name a member `constructor`. */
export const memberOf = (value: Json, name: string): Json =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, Json>>)[name]
    : undefined;

/** @throws NoAnswer where it is not a list */
export function listIn(value: Json, name: string): readonly Json[] {
  const list = memberOf(value, name);
  if (!Array.isArray(list)) throw new NoAnswer("odd");
  return list;
}

const ID = /^[A-Za-z0-9:_-]{1,128}$/;

/** An id of a service, or undefined where the value does not look like one. */
export const idIn = (value: Json, name: string): string | undefined => {
  const id = memberOf(value, name);
  return isId(id) ? id : undefined;
};

export const isId = (value: Json): value is string => typeof value === "string" && ID.test(value);

/** An offset is demanded: a time without one is of whatever zone. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

/** An instant as milliseconds since 1970. @throws NoAnswer where it is not one, or has no offset */
export function instantIn(value: Json, name: string): number {
  const text = memberOf(value, name);
  const at = typeof text === "string" && INSTANT.test(text) ? Date.parse(withColon(text)) : NaN;
  if (Number.isNaN(at)) throw new NoAnswer("odd");
  return at;
}

/** Jira writes offsets without a colon, which ECMAScript does not promise to read. */
const withColon = (text: string) => text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2");

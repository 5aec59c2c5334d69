import { type Json, memberOf } from "../json-answer.ts";

/** A title that is longer says no more to whoever approves. */
const LONGEST_TITLE = 200;

/** A text that somebody outside wrote, cut; empty where there is not one. */
export function textIn(value: Json, name: string): string {
  const text = memberOf(value, name);
  return typeof text === "string" ? [...text].slice(0, LONGEST_TITLE).join("") : "";
}

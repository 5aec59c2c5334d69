/** Names of the buttons on messages, and what a button carries. Slack sends both back with a click. */
import type { NoticeAction } from "../domain/notices/notice.ts";
import { MOST_PARTS } from "../domain/policy/asked-together.ts";

/** The `action_id` of each button: https://docs.slack.dev/reference/block-kit/block-elements/ */
export const ACTION_ID = {
  approve: "approve",
  "approve-less": "approve_less",
  deny: "deny",
  details: "details",
  revoke: "revoke",
  review: "review",
  cancel: "cancel",
  escalate: "escalate",
  return: "return",
  extend: "extend",
  "ask-again": "ask_again",
} as const satisfies Readonly<Record<NoticeAction, string>>;

/** The buttons that decide all parts of a message at once. They carry each with its digest. */
export const APPROVE_ALL = "approve_all";
export const DENY_ALL = "deny_all";

/** The `block_id` of the buttons of a request's message. */
export const REQUEST_BLOCK = "request";

/** The content of a button: the request, and the digest of the terms that its reader saw. */
export interface ButtonValue {
  readonly id: string;
  readonly digest: string;
}

/** As the `value` of a button. */
export const buttonValue = ({ id, digest }: ButtonValue): string => JSON.stringify({ id, digest });

/** Reads a button's `value`; undefined for anything that `buttonValue` does not write. */
export function parseButtonValue(text: string): ButtonValue | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isButtonValue(value) && buttonValue(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

const isButtonValue = (value: unknown): value is ButtonValue =>
  typeof value === "object" &&
  value !== null &&
  "id" in value &&
  "digest" in value &&
  typeof value.id === "string" &&
  typeof value.digest === "string";

/** As the `value` of a button for several requests. */
export const buttonValues = (parts: readonly ButtonValue[]): string =>
  JSON.stringify(parts.map(({ id, digest }) => ({ id, digest })));

/** Reads the `value` of a button for several requests; undefined for anything that `buttonValues` does not write. */
export function parseButtonValues(text: string): readonly ButtonValue[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isOurs = Array.isArray(value) && value.length > 0 && value.length <= MOST_PARTS;
    return isOurs && value.every(isButtonValue) && buttonValues(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

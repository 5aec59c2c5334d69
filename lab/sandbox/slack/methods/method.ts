import { isObject, type JsonObject } from "../blocks/check.ts";
import { invalidArguments, SlackError } from "../slack-error.ts";
import type { SlackContext } from "../state.ts";

/** How an argument is written: `json` is a text in a form and a value in a JSON body. */
type ArgumentKind = "text" | "flag" | "json";

export interface MethodCall {
  readonly args: JsonObject;
  readonly slack: SlackContext;
}

export interface SlackMethod {
  /** Every argument that is emulated; any other is refused by its name. */
  readonly args: Readonly<Record<string, ArgumentKind>>;
  /** Calls a minute; `perChannel` counts each channel by itself, and calls a second. */
  readonly limit: { readonly perMinute: number } | { readonly perSecondAndChannel: number };
  /**
   * @returns the answer without `ok`
   * @throws SlackError
   */
  readonly run: (call: MethodCall) => JsonObject;
}

/** https://docs.slack.dev/apis/web-api/rate-limits */
export const TIER_3 = { perMinute: 50 };
export const TIER_4 = { perMinute: 100 };

/** @throws SlackError `invalid_arguments` where it is absent, empty or no text */
export function requiredText(args: JsonObject, name: string): string {
  const value = args[name];
  if (typeof value !== "string" || value === "")
    throw invalidArguments(`[ERROR] missing required field: ${name}`);
  return value;
}

export const optionalText = (args: JsonObject, name: string): string | undefined =>
  args[name] === undefined ? undefined : String(args[name]);

/** @throws SlackError `invalid_arguments` where it is absent or no object */
export function requiredObject(args: JsonObject, name: string): JsonObject {
  const value = args[name];
  if (!isObject(value)) throw invalidArguments(`[ERROR] missing required field: ${name}`);
  return value;
}

/** @throws SlackError `code` with all `faults`, where there are any */
export function refuse(code: string, faults: readonly string[]): void {
  if (faults.length > 0) throw new SlackError(code, faults);
}

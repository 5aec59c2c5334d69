/** https://docs.slack.dev/apis/web-api: arguments come as a form or as JSON. */
import { isObject, type JsonObject } from "./blocks/check.ts";
import type { SlackMethod } from "./methods/method.ts";
import { invalidArguments, SlackError } from "./slack-error.ts";

const mediaType = (contentType: string) =>
  (contentType.split(";", 1)[0] ?? "").trim().toLowerCase();

/**
 * The arguments of a call.
 * @throws SlackError `invalid_post_type`, `invalid_json`, `json_not_object`, and
 *   `invalid_arguments` that names what the sandbox does not emulate
 */
export function requestArguments(
  method: SlackMethod,
  contentType: string,
  body: Buffer,
): JsonObject {
  const type = mediaType(contentType);
  if (body.length === 0) return {};
  if (type !== "application/json" && type !== "application/x-www-form-urlencoded")
    throw new SlackError("invalid_post_type");
  const given = type === "application/json" ? fromJson(body) : fromForm(method, body);
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(method.args, name));
  if (unknown.length > 0)
    throw invalidArguments(
      ...unknown.map((name) => `[ERROR] the sandbox does not emulate ${name}`),
    );
  for (const [name, kind] of Object.entries(method.args)) {
    const value = given[name];
    if (kind === "text" && value !== undefined && typeof value !== "string")
      throw invalidArguments(`[ERROR] must be a string [json-pointer:/${name}]`);
  }
  return given;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fromJson(body: Buffer): JsonObject {
  const value = parsed(body.toString("utf8"));
  if (value === undefined) throw new SlackError("invalid_json");
  if (!isObject(value)) throw new SlackError("json_not_object");
  return value;
}

function fromForm(method: SlackMethod, body: Buffer): JsonObject {
  const form = new URLSearchParams(body.toString("utf8"));
  return Object.fromEntries(
    [...form].map(([name, text]) => {
      const kind = Object.hasOwn(method.args, name) ? method.args[name] : undefined;
      if (kind === "flag") return [name, text === "true" || text === "1"];
      if (kind !== "json") return [name, text];
      const value = parsed(text);
      if (value !== undefined) return [name, value];
      throw name === "blocks"
        ? new SlackError("invalid_blocks_format")
        : invalidArguments(`[ERROR] must be JSON [json-pointer:/${name}]`);
    }),
  );
}

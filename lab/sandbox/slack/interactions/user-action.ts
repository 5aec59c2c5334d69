/** An act in Slack's client, under Slack's own names of the payloads. */
import { isObject, type JsonObject } from "../blocks/check.ts";
import { InvalidAction } from "./invalid-action.ts";

/** By `block_id` and `action_id`: what somebody typed or chose; an option by its value. */
export type GivenValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The place of an element: a message, or a view. */
export type Place = { readonly channel: string; readonly ts: string } | { readonly view: string };

export type UserAction =
  | {
      readonly kind: "command";
      readonly user: string;
      readonly channel: string;
      readonly command: string;
      readonly text: string;
    }
  | {
      readonly kind: "block_actions";
      readonly user: string;
      readonly place: Place;
      readonly actionId: string;
      readonly blockId?: string;
      /** The choice, if the element is not a button. */
      readonly value?: unknown;
      readonly values: GivenValues;
    }
  | {
      readonly kind: "block_suggestion";
      readonly user: string;
      readonly place: Place;
      readonly actionId: string;
      readonly blockId?: string;
      /** The typed text. */
      readonly value: string;
    }
  | {
      readonly kind: "view_submission" | "view_closed";
      readonly user: string;
      readonly view: string;
      readonly values: GivenValues;
    }
  | { readonly kind: "shortcut"; readonly user: string; readonly callbackId: string }
  | { readonly kind: "app_home_opened"; readonly user: string }
  | { readonly kind: "url_verification" };

const MEMBERS: Readonly<Record<UserAction["kind"], readonly string[]>> = {
  command: ["user", "channel", "command", "text"],
  block_actions: ["user", "channel", "ts", "view", "block_id", "action_id", "value", "values"],
  block_suggestion: ["user", "channel", "ts", "view", "block_id", "action_id", "value"],
  view_submission: ["user", "view", "values"],
  view_closed: ["user", "view", "values"],
  shortcut: ["user", "callback_id"],
  app_home_opened: ["user"],
  url_verification: [],
};

/** Every kind that an action may have. */
export const ACTION_KINDS: readonly string[] = Object.keys(MEMBERS);

const isKind = (kind: unknown): kind is UserAction["kind"] =>
  typeof kind === "string" && Object.hasOwn(MEMBERS, kind);

/** @throws InvalidAction for what is no action, naming it */
export function parseAction(body: unknown): UserAction {
  if (!isObject(body)) throw new InvalidAction("An action is a JSON object.");
  const { kind } = body;
  if (!isKind(kind)) throw new InvalidAction(`kind is one of ${ACTION_KINDS.join(", ")}.`);
  const unknown = Object.keys(body).filter(
    (name) => name !== "kind" && !MEMBERS[kind].includes(name),
  );
  if (unknown.length > 0)
    throw new InvalidAction(`An action of kind ${kind} has no member ${unknown.join(", ")}.`);
  return read(kind, body);
}

function read(kind: UserAction["kind"], body: JsonObject): UserAction {
  const text = (name: string) => requiredText(body, name);
  switch (kind) {
    case "url_verification":
      return { kind };
    case "app_home_opened":
      return { kind, user: text("user") };
    case "shortcut":
      return { kind, user: text("user"), callbackId: text("callback_id") };
    case "command": {
      const command = text("command");
      const rest = String(body["text"] ?? "");
      return { kind, user: text("user"), channel: text("channel"), command, text: rest };
    }
    case "view_submission":
    case "view_closed":
      return { kind, user: text("user"), view: text("view"), values: givenValues(body) };
    case "block_suggestion":
      return { kind, ...element(body), value: String(body["value"] ?? "") };
    case "block_actions":
      return { kind, ...element(body), value: body["value"], values: givenValues(body) };
  }
}

const element = (body: JsonObject) => ({
  user: requiredText(body, "user"),
  place: placeOf(body),
  actionId: requiredText(body, "action_id"),
  ...(body["block_id"] === undefined ? {} : { blockId: requiredText(body, "block_id") }),
});

function placeOf(body: JsonObject): Place {
  if (body["view"] !== undefined) return { view: requiredText(body, "view") };
  return { channel: requiredText(body, "channel"), ts: requiredText(body, "ts") };
}

function requiredText(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value !== "string" || value === "")
    throw new InvalidAction(`An action of kind ${String(body["kind"])} needs ${name}, a text.`);
  return value;
}

function givenValues(body: JsonObject): GivenValues {
  const { values = {} } = body;
  if (!isObject(values) || !Object.values(values).every(isObject))
    throw new InvalidAction("values is an object of objects: by block_id, by action_id.");
  return values as GivenValues;
}

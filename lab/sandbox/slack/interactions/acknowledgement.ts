/** Slack's handling of the app's answer: docs.slack.dev, Modals and Slash commands. */
import { isObject, type JsonObject, list, object } from "../blocks/check.ts";
import { option, optionGroup } from "../blocks/composition.ts";
import { messageContent } from "../methods/message-content.ts";
import { showAnswer } from "../response-urls.ts";
import { SlackError } from "../slack-error.ts";
import type { SlackContext } from "../state.ts";
import { closeModals, pushModal, updateView } from "../views.ts";
import type { Delivery } from "./deliver.ts";
import type { UserAction } from "./user-action.ts";

export interface Acknowledged {
  /** By `block_id`: what the app says is wrong with a form. */
  readonly errors?: Readonly<Record<string, string>>;
  /** The options of an external select. */
  readonly options?: JsonObject;
}

const invalid = (...messages: readonly string[]) =>
  new SlackError(
    "invalid_acknowledgement",
    messages.map((message) => `[ERROR] ${message}`),
  );

/** The body as JSON; undefined without a body. @throws SlackError for anything but an object */
function jsonOf({ body }: Delivery): JsonObject | undefined {
  if (body.trim() === "") return undefined;
  try {
    const value: unknown = JSON.parse(body);
    if (isObject(value)) return value;
  } catch {
    // Reported below.
  }
  throw invalid("the body must be empty or a JSON object");
}

/**
 * Shows the person what the app answered.
 * @throws SlackError where Slack's client could not make anything of the answer
 */
export function acknowledge(
  slack: SlackContext,
  action: UserAction,
  delivery: Delivery,
): Acknowledged {
  switch (action.kind) {
    case "command":
      answerCommand(slack, action, delivery);
      return {};
    case "view_submission":
      return answerSubmission(slack, action, jsonOf(delivery));
    case "view_closed":
      closeModals(slack, action.user, "top");
      return {};
    case "block_suggestion":
      return { options: checkedOptions(jsonOf(delivery)) };
    default:
      return {};
  }
}

function answerCommand(
  slack: SlackContext,
  action: Extract<UserAction, { readonly kind: "command" }>,
  delivery: Delivery,
): void {
  if (delivery.body.trim() === "") return;
  const isJson = delivery.contentType.startsWith("application/json");
  const body = isJson ? (jsonOf(delivery) ?? {}) : { text: delivery.body };
  const place = { userId: action.user, channel: action.channel };
  showAnswer(slack, place, messageContent(body), body["response_type"] === "in_channel");
}

const SUBMISSION_MEMBERS = ["response_action", "errors", "view"];

function answerSubmission(
  slack: SlackContext,
  action: { readonly user: string; readonly view: string },
  body: JsonObject | undefined,
): Acknowledged {
  if (body === undefined || Object.keys(body).length === 0) {
    closeModals(slack, action.user, "top");
    return {};
  }
  const unknown = Object.keys(body).filter((name) => !SUBMISSION_MEMBERS.includes(name));
  if (unknown.length > 0) throw invalid(`invalid additional property: ${unknown.join(", ")}`);
  const { response_action: what, errors, view } = body;
  switch (what) {
    case "clear":
      closeModals(slack, action.user, "all");
      return {};
    case "errors":
      return { errors: checkedErrors(slack, action.view, errors) };
    case "update":
    case "push":
      if (!isObject(view)) throw invalid("missing required field: view");
      if (what === "update") updateView(slack, action.view, view);
      else pushModal(slack, action.user, view);
      return {};
    default:
      throw invalid(`unsupported response_action: ${String(what)}`);
  }
}

/** Errors stand at inputs of the form, and nowhere else. */
function checkedErrors(
  { store }: SlackContext,
  viewId: string,
  errors: unknown,
): Readonly<Record<string, string>> {
  const blocks = (store.state.views[viewId]?.content["blocks"] ?? []) as readonly JsonObject[];
  const inputs = blocks.filter(({ type }) => type === "input").map((block) => block["block_id"]);
  if (!isObject(errors) || Object.keys(errors).length === 0)
    throw invalid("must provide at least 1 error");
  const strangers = Object.keys(errors).filter((id) => !inputs.includes(id));
  if (strangers.length > 0) throw invalid(`no input block has the id ${strangers.join(", ")}`);
  return Object.fromEntries(Object.entries(errors).map(([id, text]) => [id, String(text)]));
}

/** Slack takes 100 options in an answer. */
const OFFERED = object({
  optional: {
    options: list(option, { min: 0, max: 100 }),
    option_groups: list(optionGroup, { min: 0, max: 100 }),
  },
});

function checkedOptions(body: JsonObject | undefined): JsonObject {
  const faults = OFFERED(body ?? {}, "");
  if (faults.length > 0) throw new SlackError("invalid_acknowledgement", faults);
  return body ?? {};
}

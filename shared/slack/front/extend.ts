/** Extending one's own access: the window behind the button, and what its submission does. */
import type { Refusal } from "../../domain/policy/eligibility.ts";
import { isRequestId } from "../../domain/requests/parse-grant.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { visible } from "../../domain/values/visible-text.ts";
import { extendGrant } from "../../usecases/requests/extend-grant.ts";
import { parseButtonValue } from "../actions.ts";
import { modal, section } from "../blocks.ts";
import type { SubmissionPayload } from "../payloads.ts";
import { TEXTS } from "../texts/answer-texts.ts";
import { askedLines, LABELS } from "../texts/form-texts.ts";
import { type ExtendFaults, extensionIn } from "./extend-form.ts";
import { say } from "./say.ts";
import type { Act, Reply, SlackFront } from "./slack-front.ts";

/** Asks for the extension. `view.id` makes a second submission the same extension. */
export async function submitExtension(
  front: SlackFront,
  { actor, payload }: Act<SubmissionPayload>,
): Promise<Reply> {
  const { view } = payload;
  const button = parseButtonValue(view.private_metadata ?? "");
  if (!button || !isRequestId(button.id)) return say(front, payload, TEXTS.unreadableButton);
  const read = extensionIn(front.settings, view);
  if ("faults" in read) return { response_action: "errors", errors: read.faults };
  try {
    const key = `slack-view:${view.id}`;
    const extension = await extendGrant(front, actor, button.id, read.ask, key);
    return {
      response_action: "update",
      view: modal(LABELS.asked, [section(askedLines(extension))]),
    };
  } catch (error) {
    if (!(error instanceof BrokerError) || !AT_FIELDS.has(error.code)) throw error;
    return { response_action: "errors", errors: faultsOf(error) };
  }
}

/** Refusals that are shown in the window. Anything else replaces it. */
const AT_FIELDS: ReadonlySet<BrokerError["code"]> = new Set([
  "policy-denied",
  "duration-too-long",
  "not-active-yet",
  "too-late-to-extend",
  "grant-over",
  "extension-open",
]);

/** A refusal stands at the reason if it is about nothing else, and at the duration otherwise. */
function faultsOf({ facts, message }: BrokerError): ExtendFaults {
  const [refusal] = (facts["refusals"] ?? []) as readonly Refusal[];
  const codes = refusal?.objections.map(({ code }) => code) ?? [];
  const field = codes.length > 0 && codes.every((code) => ABOUT_REASON.has(code));
  return { [field ? "reason" : "duration"]: visible(message) };
}

const ABOUT_REASON: ReadonlySet<string> = new Set(["reason-too-short", "ticket-missing"]);

/** Approving for less: the window behind the button, and what its submission does. */

import { isRequestId } from "../../domain/requests/parse-grant.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { visible } from "../../domain/values/visible-text.ts";
import { decideRequest } from "../../usecases/requests/decide-request.ts";
import { parseButtonValue } from "../actions.ts";
import type { SubmissionPayload } from "../payloads.ts";
import { TEXTS } from "../texts/answer-texts.ts";
import { lessIn } from "./less-form.ts";
import { say } from "./say.ts";
import type { Act, Reply, SlackFront } from "./slack-front.ts";

/** Approves for what stands in the window. A refusal of the broker stands at its field. */
export async function submitLess(
  front: SlackFront,
  { actor, payload }: Act<SubmissionPayload>,
): Promise<Reply> {
  const { view } = payload;
  const button = parseButtonValue(view.private_metadata ?? "");
  if (!button || !isRequestId(button.id)) return say(front, payload, TEXTS.unreadableButton);
  const read = lessIn(front.settings, view, button.digest);
  if ("faults" in read) return { response_action: "errors", errors: read.faults };
  try {
    await decideRequest(front, actor, button.id, read.decision);
    return undefined;
  } catch (error) {
    const field = error instanceof BrokerError ? FIELD_OF[error.code] : undefined;
    if (!(error instanceof BrokerError) || field === undefined) throw error;
    return { response_action: "errors", errors: { [field]: visible(error.message) } };
  }
}

/** The field at which a refusal stands. */
const FIELD_OF: Readonly<Partial<Record<BrokerError["code"], string>>> = {
  "longer-than-asked": "duration",
  "too-short": "duration",
  "not-less": "duration",
  "namespace-not-asked": "namespaces",
};

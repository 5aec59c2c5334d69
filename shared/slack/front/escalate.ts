/** Making a break-glass of one's own pending request: the window behind the button, and its submission. */
import { glassRuleFor } from "../../domain/policy/glass-rule.ts";
import { skippedApprovers } from "../../domain/policy/skipped-approvers.ts";
import { escalatedTerms, termsAfterEscalation } from "../../domain/requests/escalated-terms.ts";
import { isRequestId } from "../../domain/requests/parse-grant.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { checkAskedHere } from "../../usecases/requests/asked-elsewhere.ts";
import { escalateRequest } from "../../usecases/requests/escalate-request.ts";
import { buttonValue, parseButtonValue } from "../actions.ts";
import { type Json, modal, plain, section } from "../blocks.ts";
import type { SubmissionPayload } from "../payloads.ts";
import { TEXTS } from "../texts/answer-texts.ts";
import { askedLines, LABELS } from "../texts/form-texts.ts";
import { escalateLines } from "../texts/glass-texts.ts";
import { say } from "./say.ts";
import { shownRequest } from "./shown-request.ts";
import type { Act, Reply, SlackFront } from "./slack-front.ts";
import { ESCALATE_FORM } from "./stakes.ts";

/**
 * Says what the break-glass would lend, who is not waited for, and which reason they read.
 *
 * @throws BrokerError what `glassRuleFor` throws, and `decided-elsewhere`: then there is nothing to confirm
 */
export function escalateForm(
  { policy, clock }: Pick<SlackFront, "policy" | "clock">,
  { actor }: Pick<Act, "actor">,
  request: AccessRequest,
): Json {
  const at = clock.now();
  const rule = glassRuleFor(policy, actor.member, request, null, at);
  checkAskedHere(rule, actor, `timelatch escalate ${request.id}`);
  const terms = escalatedTerms(request, rule.name, rule.duration.maxSeconds);
  const next = { ...request, ...termsAfterEscalation(request, terms), approvedAt: at };
  return modal(LABELS.escalate, [section(escalateLines(next, skippedApprovers(policy, next)))], {
    callback_id: ESCALATE_FORM,
    private_metadata: buttonValue(request),
    submit: plain(LABELS.escalate, "title"),
    close: plain(LABELS.cancel, "title"),
  });
}

/** Escalates what the window showed. */
export async function submitEscalation(
  front: SlackFront,
  { actor, payload }: Act<SubmissionPayload>,
): Promise<Reply> {
  const button = parseButtonValue(payload.view.private_metadata ?? "");
  if (!button || !isRequestId(button.id)) return say(front, payload, TEXTS.unreadableButton);
  await shownRequest(front, { actor, button });
  const made = await escalateRequest(front, actor, button.id, null);
  return {
    response_action: "update",
    view: modal(LABELS.escalate, [section(askedLines(made))]),
  };
}

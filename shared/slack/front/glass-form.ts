/** The question before a break-glass that the policy approves at once, and its submission. */
import type { Actor } from "../../domain/policy/actor.ts";
import { skippedApprovers } from "../../domain/policy/skipped-approvers.ts";
import type { Ask } from "../../domain/requests/ask.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import { askOf, requestBody } from "../../http/contract/request-body.ts";
import { glassOf } from "../../usecases/requests/create-request.ts";
import { type Json, modal, plain, section } from "../blocks.ts";
import type { SubmissionPayload } from "../payloads.ts";
import { TEXTS } from "../texts/answer-texts.ts";
import { askedLines, LABELS } from "../texts/form-texts.ts";
import { glassLines } from "../texts/glass-texts.ts";
import { askOnce } from "./ask-once.ts";
import { say, textModal } from "./say.ts";
import type { Act, Reply, SlackFront } from "./slack-front.ts";
import { GLASS_FORM } from "./stakes.ts";

/** The longest `private_metadata`: https://docs.slack.dev/reference/views/modal-views */
const LONGEST_METADATA = 3_000;

/**
 * The window that asks; undefined where the ask is no break-glass.
 *
 * @throws BrokerError where the broker would refuse the break-glass: then there is nothing to confirm
 */
export async function glassForm(
  front: SlackFront,
  actor: Actor,
  ask: Ask,
): Promise<Json | undefined> {
  const request = await glassOf(front, actor, ask);
  if (!request) return undefined;
  const metadata = JSON.stringify(bodyOf(request));
  if (metadata.length > LONGEST_METADATA) return textModal(TEXTS.tooLongToConfirm);
  const lines = glassLines(request, skippedApprovers(front.policy, request));
  return modal(LABELS.escalate, [section(lines)], {
    callback_id: GLASS_FORM,
    private_metadata: metadata,
    submit: plain(LABELS.escalate, "title"),
    close: plain(LABELS.cancel, "title"),
  });
}

/** The terms that the window shows, each said, so that a later default changes none of them. */
const bodyOf = ({
  cluster,
  access,
  durationSeconds,
  reason,
  principalArn,
  rule,
}: AccessRequest) => ({
  cluster: cluster.name,
  access,
  duration: formatDuration(durationSeconds),
  reason,
  principalArn,
  rule,
});

/** Asks for the break-glass that the window showed. A second submission is the same request. */
export async function submitGlass(
  front: SlackFront,
  { actor, payload }: Act<SubmissionPayload>,
): Promise<Reply> {
  const { id, private_metadata: metadata } = payload.view;
  const read = requestBody(front.settings).safeParse(parsed(metadata ?? ""));
  if (!read.success) return say(front, payload, TEXTS.unreadableButton);
  const request = await askOnce(front, actor, askOf(read.data), `slack-view:${id}`);
  return {
    response_action: "update",
    view: modal(LABELS.escalate, [section(askedLines(request))]),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

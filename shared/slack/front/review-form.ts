/** The window in which a reviewer says what a break-glass was used for, and what its submission does. */

import type { ActivitySummary } from "../../domain/evidence/activity/activity-summary.ts";
import { isRequestId } from "../../domain/requests/parse-grant.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { openReviewOf } from "../../domain/requests/review.ts";
import { reviewBody } from "../../http/contract/request-body.ts";
import { WHEN } from "../../notices/notice-texts.ts";
import { closeReview } from "../../usecases/requests/close-review.ts";
import { buttonValue, parseButtonValue } from "../actions.ts";
import { dateLine, input, type Json, modal, plain, section } from "../blocks.ts";
import type { SubmissionPayload } from "../payloads.ts";
import { TEXTS } from "../texts/answer-texts.ts";
import { FIELDS, LABELS, reviewAskedText } from "../texts/form-texts.ts";
import { say } from "./say.ts";
import { shownRequest } from "./shown-request.ts";
import type { Act, Reply, SlackFront } from "./slack-front.ts";
import { REVIEW_FORM } from "./stakes.ts";

/** @param activity null where no record has a summary; undefined where its access never began either */
export function reviewForm(
  request: AccessRequest,
  activity: ActivitySummary | null | undefined,
): Json {
  const open = openReviewOf(request);
  return modal(
    LABELS.review,
    [
      section(reviewAskedText(request, activity)),
      ...(open ? [dateLine(WHEN.reviewDue, open.dueAt)] : []),
      input({
        id: "note",
        ...FIELDS.reviewNote,
        element: { type: "plain_text_input", multiline: false, max_length: 500 },
      }),
    ],
    {
      callback_id: REVIEW_FORM,
      private_metadata: buttonValue(request),
      submit: plain(LABELS.closeReview, "title"),
      close: plain(LABELS.cancel, "title"),
    },
  );
}

/** Closes the review with the note of the window, by the API's own rules for it. */
export async function submitReview(
  front: SlackFront,
  { actor, payload }: Act<SubmissionPayload>,
): Promise<Reply> {
  const { view } = payload;
  const button = parseButtonValue(view.private_metadata ?? "");
  if (!button || !isRequestId(button.id)) return say(front, payload, TEXTS.unreadableButton);
  const read = reviewBody().safeParse({
    note: (view.state?.values["note"]?.["note"]?.value ?? "").trim(),
  });
  if (!read.success) {
    const fault = read.error.issues[0]?.message ?? LABELS.sayWhy;
    return { response_action: "errors", errors: { note: fault } };
  }
  const request = await shownRequest(front, { actor, button });
  await closeReview(front, actor, request.id, read.data.note);
  return undefined;
}

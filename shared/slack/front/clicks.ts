/** The buttons of a request. They only carry ids: everything is checked again at the click. */
import type { EndVerb } from "../../domain/requests/audit-event.ts";
import { isRequestId } from "../../domain/requests/parse-grant.ts";
import { noRequest } from "../../domain/values/errors.ts";
import { reviewedActivity } from "../../usecases/evidence/read-activity.ts";
import { closableReviewOf } from "../../usecases/requests/close-review.ts";
import { decideRequest } from "../../usecases/requests/decide-request.ts";
import { endGrant } from "../../usecases/requests/end-grant.ts";
import { endOwn } from "../../usecases/requests/end-own.ts";
import { checkEscalatable } from "../../usecases/requests/escalate-request.ts";
import { readRequest } from "../../usecases/requests/read-requests.ts";
import {
  ACTION_ID,
  APPROVE_ALL,
  type ButtonValue,
  DENY_ALL,
  parseButtonValue,
} from "../actions.ts";
import type { Json } from "../blocks.ts";
import type { ClickPayload, SubmissionPayload } from "../payloads.ts";
import { TEXTS } from "../texts/answer-texts.ts";
import { endedAllLines } from "../texts/end-all-texts.ts";
import { openForm, termsOfRequest, updateForm } from "./asking.ts";
import { approveAll, openDenyAll } from "./decide-all.ts";
import { denyForm, noteIn } from "./deny-form.ts";
import { detailsModal } from "./details.ts";
import { escalateForm } from "./escalate.ts";
import { extendForm } from "./extend-form.ts";
import { ASK_ACTION, END_ALL_ACTION, publishHome } from "./home.ts";
import { lessForm } from "./less-form.ts";
import { isPreset } from "./request-form.ts";
import { returnedLines } from "./returned.ts";
import { reviewForm } from "./review-form.ts";
import { say } from "./say.ts";
import { shownRequest } from "./shown-request.ts";
import type { Act, Reply, SlackFront } from "./slack-front.ts";

type Click = Act<ClickPayload> & { readonly button: ButtonValue };
type OnClick = (front: SlackFront, click: Click) => Promise<Reply>;

async function openWindow(front: SlackFront, { payload }: Click, view: Json): Promise<Reply> {
  await front.web.call("views.open", { trigger_id: payload.trigger_id, view });
  return undefined;
}

/** An end takes access away, whatever the terms are by now: it waits for no record that is as the message had it. */
const end =
  (verb: EndVerb): OnClick =>
  async (front, click) => {
    const { actor, payload, button } = click;
    const ended = await endGrant(front, actor, button.id, verb);
    if (verb === "return" && payload.container?.is_ephemeral)
      return say(front, payload, await returnedLines(front, actor, ended));
    return afterClick(front, click);
  };

const ON_CLICK: Readonly<Record<string, OnClick>> = {
  [ACTION_ID.approve]: async (front, click) => {
    const { id, digest } = click.button;
    await decideRequest(front, click.actor, id, { verdict: "approve", digest });
    return afterClick(front, click);
  },
  [ACTION_ID.deny]: async (front, click) => {
    const request = await shownRequest(front, click);
    return openWindow(front, click, denyForm(request));
  },
  [ACTION_ID["approve-less"]]: async (front, click) => {
    const request = await shownRequest(front, click);
    return openWindow(front, click, lessForm(request));
  },
  [ACTION_ID.review]: async (front, click) => {
    const request = await shownRequest(front, click);
    // A person who may not close it need not write a note.
    closableReviewOf(front, click.actor, request);
    const activity = await reviewedActivity(front, click.actor, request);
    return openWindow(front, click, reviewForm(request, activity));
  },
  [ACTION_ID.escalate]: async (front, click) => {
    const request = await shownRequest(front, click);
    checkEscalatable(click.actor, request);
    return openWindow(front, click, escalateForm(front, click, request));
  },
  [ACTION_ID.extend]: async (front, click) => {
    const request = await shownRequest(front, click);
    return openWindow(front, click, extendForm(request));
  },
  [ACTION_ID.details]: async (front, click) => {
    const request = await readRequest(front, click.actor, click.button.id);
    return openWindow(front, click, detailsModal(front, request));
  },
  [ACTION_ID.revoke]: end("revoke"),
  [ACTION_ID.cancel]: end("cancel"),
  [ACTION_ID.return]: end("return"),
  [ACTION_ID["ask-again"]]: async (front, click) => {
    const request = await readRequest(front, click.actor, click.button.id);
    return openForm(front, click.actor, click.payload.trigger_id, termsOfRequest(request));
  },
};

/** Buttons and fields that carry no request, or several. */
const OTHERS: Readonly<
  Record<string, (front: SlackFront, act: Act<ClickPayload>) => Promise<Reply>>
> = {
  [APPROVE_ALL]: approveAll,
  [DENY_ALL]: openDenyAll,
  [ASK_ACTION]: (front, { actor, payload }) => openForm(front, actor, payload.trigger_id),
  [END_ALL_ACTION]: async (front, { actor, payload }) => {
    const news = endedAllLines(await endOwn(front, actor));
    return publishHome(front, actor, payload.sender.user, news);
  },
  cluster: updateForm,
  access: updateForm,
  namespaces: updateForm,
  duration: updateForm,
};

/** @throws BrokerError for whatever the broker refuses */
export async function onClick(front: SlackFront, act: Act<ClickPayload>): Promise<Reply> {
  const [action] = act.payload.actions;
  const id = action?.action_id ?? "";
  if (Object.hasOwn(OTHERS, id)) return OTHERS[id]?.(front, act);
  if (isPreset(id)) return updateForm(front, act);
  const button = parseButtonValue(action?.value ?? "");
  const handler = Object.hasOwn(ON_CLICK, id) ? ON_CLICK[id] : undefined;
  if (!handler || !button) return say(front, act.payload, TEXTS.unreadableButton);
  if (!isRequestId(button.id)) throw noRequest(button.id);
  return handler(front, { ...act, button });
}

/** Denies with the note of the window. */
export async function submitDeny(
  front: SlackFront,
  { actor, payload }: Act<SubmissionPayload>,
): Promise<Reply> {
  const button = parseButtonValue(payload.view.private_metadata ?? "");
  if (!button || !isRequestId(button.id)) return say(front, payload, TEXTS.unreadableButton);
  const { note, fault } = noteIn(payload.view);
  if (fault !== undefined) return { response_action: "errors", errors: { note: fault } };
  await decideRequest(front, actor, button.id, {
    verdict: "deny",
    digest: button.digest,
    ...(note === undefined ? {} : { note }),
  });
  return undefined;
}

/**
 * Notify brings messages up to date. App Home, and a list that only its reader sees, are nobody else's
 * to update.
 */
const afterClick: OnClick = async (front, { actor, payload }) => {
  if (payload.view?.type === "home") return publishHome(front, actor, payload.sender.user);
  return payload.container?.is_ephemeral ? say(front, payload, TEXTS.done) : undefined;
};

/** Decides on all parts of a message by one press. Each decision is judged and stored by itself. */
import type { Actor } from "../../domain/policy/actor.ts";
import type { Decision } from "../../domain/requests/decision.ts";
import { isRequestId } from "../../domain/requests/parse-grant.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { hashOf } from "../../domain/values/canonical-json.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { decideRequest } from "../../usecases/requests/decide-request.ts";
import { type ButtonValue, buttonValues, parseButtonValues } from "../actions.ts";
import { input, type Json, modal, plain, section } from "../blocks.ts";
import type { ClickPayload, SubmissionPayload } from "../payloads.ts";
import { TEXTS } from "../texts/answer-texts.ts";
import { FIELDS, LABELS } from "../texts/form-texts.ts";
import { type DecidedAll, decidedAllLines, denyAllLines } from "../texts/together-texts.ts";
import { noteIn } from "./deny-form.ts";
import { say } from "./say.ts";
import { shownRequest } from "./shown-request.ts";
import type { Act, Reply, SlackFront } from "./slack-front.ts";
import { DENY_ALL_FORM } from "./stakes.ts";

/** Approves what this approver may, and names the rest with why. @throws BrokerError where it is nothing of all */
export async function approveAll(front: SlackFront, act: Act<ClickPayload>): Promise<Reply> {
  const parts = partsIn(act.payload.actions[0]?.value ?? "");
  if (!parts) return say(front, act.payload, TEXTS.unreadableButton);
  const all = await decideEach(front, act.actor, parts, { verdict: "approve" });
  return say(front, act.payload, decidedAllLines("approve", all));
}

/** Asks why, in a window that shows what is denied. */
export async function openDenyAll(front: SlackFront, act: Act<ClickPayload>): Promise<Reply> {
  const { actor, payload } = act;
  const parts = partsIn(payload.actions[0]?.value ?? "");
  if (!parts) return say(front, payload, TEXTS.unreadableButton);
  const requests = await Promise.all(parts.map((button) => shownRequest(front, { actor, button })));
  await front.web.call("views.open", {
    trigger_id: payload.trigger_id,
    view: denyAllForm(requests),
  });
  return undefined;
}

const denyAllForm = (requests: readonly AccessRequest[]): Json =>
  modal(
    LABELS.deny,
    [
      section(denyAllLines(requests)),
      input({
        id: "note",
        ...FIELDS.note,
        optional: true,
        element: { type: "plain_text_input", max_length: 500 },
      }),
    ],
    {
      callback_id: DENY_ALL_FORM,
      private_metadata: buttonValues(requests),
      submit: plain(LABELS.deny, "title"),
      close: plain(LABELS.cancel, "title"),
    },
  );

/** Denies all of the window with its note. */
export async function submitDenyAll(
  front: SlackFront,
  { actor, payload }: Act<SubmissionPayload>,
): Promise<Reply> {
  const parts = partsIn(payload.view.private_metadata ?? "");
  if (!parts) return say(front, payload, TEXTS.unreadableButton);
  const { note, fault } = noteIn(payload.view);
  if (fault !== undefined) return { response_action: "errors", errors: { note: fault } };
  const all = await decideEach(front, actor, parts, {
    verdict: "deny",
    ...(note === undefined ? {} : { note }),
  });
  return all.refused.length === 0 ? undefined : say(front, payload, decidedAllLines("deny", all));
}

const partsIn = (value: string): readonly ButtonValue[] | undefined => {
  const parts = parseButtonValues(value);
  const isOnce = new Set(parts?.map(({ id }) => id)).size === parts?.length;
  return isOnce && parts?.every(({ id }) => isRequestId(id)) ? parts : undefined;
};

/**
 * Decides on each, on the terms that the message showed. The one that has the message comes last, so that its
 * message shows the others as they are by then.
 *
 * @throws BrokerError the first refusal, where all are refused
 */
async function decideEach(
  front: SlackFront,
  actor: Actor,
  parts: readonly ButtonValue[],
  decision: Pick<Decision, "verdict" | "note">,
): Promise<DecidedAll> {
  const decided: AccessRequest[] = [];
  const refused: DecidedAll["refused"][number][] = [];
  for (const { id, digest } of parts.toSorted((a, b) => (a.id < b.id ? 1 : -1)))
    try {
      decided.push(await decideRequest(front, once(actor, id), id, { ...decision, digest }));
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      refused.push({ id, error });
    }
  const [first] = refused;
  if (first && decided.length === 0) throw first.error;
  return { decided, refused };
}

/** A message acts once on each request: a copy of it does nothing that the first one did. */
const once = (actor: Actor, id: string): Actor =>
  actor.nonce === undefined ? actor : { ...actor, nonce: hashOf([actor.nonce, id]) };

/** From a verified payload to its answer. The sender gets a text about any fault. */
import { BrokerError } from "../../domain/values/errors.ts";
import { NonceUsed } from "../../ports/request-store.ts";
import { listAccess } from "../../usecases/requests/list-access.ts";
import { option } from "../blocks.ts";
import type { PersonPayload } from "../payloads.ts";
import { personOf } from "../sender.ts";
import type { Membership } from "../slack-people.ts";
import { refusalText, TEXTS, unknownMembershipText } from "../texts/answer-texts.ts";
import { submitLess } from "./approve-less.ts";
import { openForm, submitForm } from "./asking.ts";
import { noteAttempt } from "./attempts.ts";
import { onClick, submitDeny } from "./clicks.ts";
import { onCommand } from "./commands.ts";
import { submitDenyAll } from "./decide-all.ts";
import { DENY_FORM } from "./deny-form.ts";
import { submitEscalation } from "./escalate.ts";
import { submitExtension } from "./extend.ts";
import { EXTEND_FORM } from "./extend-form.ts";
import { type CallProof, factsOf, type Given, nameOf } from "./given.ts";
import { submitGlass } from "./glass-form.ts";
import { publishHome } from "./home.ts";
import { LESS_FORM } from "./less-form.ts";
import { confirmedSender, membershipFor } from "./membership.ts";
import { clustersOf, REQUEST_FORM } from "./request-form.ts";
import { submitReview } from "./review-form.ts";
import { say } from "./say.ts";
import type { Act, Reply, SlackFront, SlackLog } from "./slack-front.ts";
import {
  DENY_ALL_FORM,
  decisionsIn,
  ESCALATE_FORM,
  escalationIn,
  GLASS_FORM,
  REVIEW_FORM,
  reviewIn,
} from "./stakes.ts";

type Handlers = {
  readonly [Type in PersonPayload["type"]]: (
    front: SlackFront,
    act: Act<Extract<PersonPayload, { readonly type: Type }>>,
  ) => Promise<Reply>;
};

const HANDLERS: Handlers = {
  command: onCommand,
  block_actions: onClick,
  view_submission: async (front, act) => {
    const { callback_id } = act.payload.view;
    if (callback_id === REQUEST_FORM) return submitForm(front, act);
    if (callback_id === EXTEND_FORM) return submitExtension(front, act);
    if (callback_id === DENY_FORM) return submitDeny(front, act);
    if (callback_id === DENY_ALL_FORM) return submitDenyAll(front, act);
    if (callback_id === LESS_FORM) return submitLess(front, act);
    if (callback_id === REVIEW_FORM) return submitReview(front, act);
    if (callback_id === ESCALATE_FORM) return submitEscalation(front, act);
    if (callback_id === GLASS_FORM) return submitGlass(front, act);
    return say(front, act.payload, TEXTS.unreadableButton);
  },
  view_closed: async () => undefined,
  shortcut: async (front, { actor, payload }) =>
    payload.callback_id === "request_access"
      ? openForm(front, actor, payload.trigger_id)
      : say(front, payload, TEXTS.unreadableButton),
  block_suggestion: async (front, { actor, payload }) => {
    const wanted = (payload.value ?? "").toLowerCase();
    const clusters = payload.action_id === "cluster" ? clustersOf(listAccess(front, actor)) : [];
    const found = clusters.filter((name) => name.toLowerCase().includes(wanted));
    return { options: found.slice(0, MOST_OPTIONS).map((name) => option(name, name)) };
  },
  app_home_opened: async (front, { actor, payload }) =>
    payload.tab === "home" ? publishHome(front, actor, payload.sender.user) : undefined,
};

const MOST_OPTIONS = 100;

type Nobody = "foreign" | "unknown" | Exclude<Membership, "member">;

/**
 * Answers a payload. Never throws: a click has no status that its sender could see.
 *
 * @param call the proof: its signed bytes are the nonce as well
 */
export async function answerPayload(
  front: SlackFront,
  payload: PersonPayload,
  call: CallProof,
  log: SlackLog,
): Promise<Reply> {
  let given: Given = { front, payload, call, log };
  try {
    const sender = await confirmedSender(front, payload.sender);
    given = { ...given, payload: { ...payload, sender } };
    const known = personOf(front.policy, sender);
    if ("nobody" in known) return await refuse(given, known.nobody);
    const membership = await membershipFor(given);
    if (membership === "unanswered")
      return await say(
        front,
        payload,
        unknownMembershipText(
          decisionsIn(payload)[0]?.id,
          reviewIn(payload),
          escalationIn(payload),
        ),
      );
    if (membership !== "member") return await refuse(given, membership);
    const proof = { ...call, team: known.team, user: payload.sender.user };
    const nonce = call.signedBody;
    const actor = { member: known.member, surface: "slack", proof, nonce } as const;
    const handler = HANDLERS[payload.type] as (front: SlackFront, act: Act) => Promise<Reply>;
    return await handler(front, { actor, payload });
  } catch (error) {
    if (error instanceof BrokerError) await noteAttempt(given, error.code);
    return sayFailure(given, error);
  }
}

/** Says why somebody is nobody here, and records where they tried to decide. */
async function refuse(given: Given, why: Nobody): Promise<Reply> {
  given.log("info", "nobody here", { ...factsOf(given), why });
  await noteAttempt(given, why);
  return say(given.front, given.payload, TEXTS[why]);
}

/** Says what went wrong, once. If Slack does not take that either, only the log has it. */
async function sayFailure(given: Given, error: unknown): Promise<Reply> {
  const { front, payload, log } = given;
  const isRefusal = error instanceof BrokerError || error instanceof NonceUsed;
  log(isRefusal ? "warn" : "error", isRefusal ? "refused" : "unexpected", {
    ...factsOf(given),
    ...(error instanceof BrokerError ? { code: error.code } : { error: nameOf(error) }),
  });
  try {
    return await say(front, payload, failureText(error));
  } catch (again) {
    log("error", "unanswered", { ...factsOf(given), error: nameOf(again) });
    return undefined;
  }
}

function failureText(error: unknown): string {
  if (error instanceof NonceUsed) return TEXTS.replayed;
  if (!(error instanceof BrokerError)) return TEXTS.failed;
  return refusalText(error);
}

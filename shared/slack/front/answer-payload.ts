/** From a verified payload to its answer. Whatever is wrong with it, its sender gets a text. */
import { BrokerError } from "../../domain/values/errors.ts";
import { NonceUsed } from "../../ports/request-store.ts";
import { listAccess } from "../../usecases/requests/list-access.ts";
import { ACTION_ID } from "../actions.ts";
import { option } from "../blocks.ts";
import { refusalText, TEXTS } from "../front-texts.ts";
import type { PersonPayload } from "../payloads.ts";
import { personOf } from "../sender.ts";
import { openForm, submitForm } from "./asking.ts";
import { onClick, submitDeny } from "./clicks.ts";
import { onCommand } from "./commands.ts";
import { DENY_FORM } from "./deny-form.ts";
import { publishHome } from "./home.ts";
import { clustersOf, REQUEST_FORM } from "./request-form.ts";
import { say } from "./say.ts";
import type { Act, Reply, SlackFront } from "./slack-front.ts";

/** Where a line goes that somebody should read. It never holds what Slack sent, but ids. */
export type SlackLog = (
  level: "info" | "warn" | "error",
  message: string,
  facts: Readonly<Record<string, unknown>>,
) => void;

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
    if (callback_id === DENY_FORM) return submitDeny(front, act);
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

/**
 * Answers a payload. Never throws: a click has no status that its sender could see.
 *
 * @param hash of the signed bytes: the nonce, and the proof
 */
export async function answerPayload(
  front: SlackFront,
  payload: PersonPayload,
  hash: string,
  log: SlackLog,
): Promise<Reply> {
  try {
    const known = personOf(front.policy, payload.sender);
    if ("nobody" in known) {
      log(isDecision(payload) ? "warn" : "info", "nobody of access.yaml", {
        ...factsOf(payload),
        why: known.nobody,
        triedToDecide: isDecision(payload),
      });
      return await say(front, payload, TEXTS[known.nobody]);
    }
    const proof = { signedBody: hash, team: known.team, user: payload.sender.user };
    const actor = { member: known.member, surface: "slack", proof, nonce: hash } as const;
    const handler = HANDLERS[payload.type] as (front: SlackFront, act: Act) => Promise<Reply>;
    return await handler(front, { actor, payload });
  } catch (error) {
    return sayFailure(front, payload, error, log);
  }
}

/** Says what went wrong, once. If Slack does not take that either, only the log has it. */
async function sayFailure(
  front: SlackFront,
  payload: PersonPayload,
  error: unknown,
  log: SlackLog,
): Promise<Reply> {
  const isRefusal = error instanceof BrokerError || error instanceof NonceUsed;
  log(isRefusal ? "warn" : "error", isRefusal ? "refused" : "unexpected", {
    ...factsOf(payload),
    ...(error instanceof BrokerError ? { code: error.code } : { error: nameOf(error) }),
  });
  try {
    return await say(front, payload, failureText(error));
  } catch (again) {
    log("error", "unanswered", { ...factsOf(payload), error: nameOf(again) });
    return undefined;
  }
}

function failureText(error: unknown): string {
  if (error instanceof NonceUsed) return TEXTS.replayed;
  if (!(error instanceof BrokerError)) return TEXTS.failed;
  return INTERNAL.has(error.code) ? TEXTS.failed : refusalText(error);
}

/** What the caller cannot change. Its text may be of the inside. */
const INTERNAL: ReadonlySet<BrokerError["code"]> = new Set([
  "invariant-broken",
  "dependency-unavailable",
]);

/** An error's message may quote an address with a secret in it. Its name may not. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

const DECISIONS: ReadonlySet<string> = new Set([
  ACTION_ID.approve,
  ACTION_ID.deny,
  ACTION_ID.revoke,
]);

const isDecision = (payload: PersonPayload): boolean =>
  (payload.type === "block_actions" &&
    payload.actions.some(({ action_id }) => DECISIONS.has(action_id))) ||
  (payload.type === "view_submission" && payload.view.callback_id === DENY_FORM);

const factsOf = ({ type, sender }: PersonPayload) => ({
  payload: type,
  user: sender.user,
  homes: sender.homes,
});

/** Tells what a payload would do, before anything of it is done. */
import type { AttemptVerb } from "../../domain/requests/audit-event.ts";
import { isRequestId } from "../../domain/requests/parse-grant.ts";
import {
  ACTION_ID,
  APPROVE_ALL,
  DENY_ALL,
  parseButtonValue,
  parseButtonValues,
} from "../actions.ts";
import type { PersonPayload } from "../payloads.ts";
import { DENY_FORM } from "./deny-form.ts";
import { EXTEND_FORM } from "./extend-form.ts";
import { LESS_FORM } from "./less-form.ts";
import { REQUEST_FORM } from "./request-form.ts";

/** `lends`: access may follow, or its refusal, or the end of a review. `takes`: it can only become less. `shows`: neither. */
export type Stake = "lends" | "takes" | "shows";

export const REVIEW_FORM = "review";
export const ESCALATE_FORM = "escalate";
export const GLASS_FORM = "glass";
export const DENY_ALL_FORM = "deny_all";

const CLICKS: Readonly<Record<string, Stake>> = {
  [ACTION_ID.approve]: "lends",
  [ACTION_ID["approve-less"]]: "lends",
  [ACTION_ID.deny]: "lends",
  [APPROVE_ALL]: "lends",
  [DENY_ALL]: "lends",
  [ACTION_ID.review]: "lends",
  [ACTION_ID.revoke]: "takes",
  [ACTION_ID.cancel]: "takes",
  [ACTION_ID.return]: "takes",
};
const FORMS: Readonly<Record<string, Stake>> = {
  [REQUEST_FORM]: "lends",
  [EXTEND_FORM]: "lends",
  [LESS_FORM]: "lends",
  [DENY_FORM]: "lends",
  [DENY_ALL_FORM]: "lends",
  [REVIEW_FORM]: "lends",
  [ESCALATE_FORM]: "lends",
  [GLASS_FORM]: "lends",
};
/** Every other text of the command asks for access. */
const WORDS: Readonly<Record<string, Stake>> = {
  "": "shows",
  help: "shows",
  list: "shows",
  return: "takes",
};

const stakeIn = (table: Readonly<Record<string, Stake>>, key: string, otherwise: Stake): Stake =>
  (Object.hasOwn(table, key) ? table[key] : undefined) ?? otherwise;

export function stakeOf(payload: PersonPayload): Stake {
  if (payload.type === "block_actions")
    return stakeIn(CLICKS, payload.actions[0]?.action_id ?? "", "shows");
  if (payload.type === "view_submission")
    return stakeIn(FORMS, payload.view.callback_id ?? "", "shows");
  if (payload.type === "command")
    return stakeIn(WORDS, (payload.text ?? "").trim().toLowerCase(), "lends");
  return "shows";
}

/** A decision on a request, or its early end by others, that a payload asks for. */
export interface TriedDecision {
  readonly id: string;
  readonly tried: AttemptVerb;
}

const DECISIONS: Readonly<Record<string, AttemptVerb>> = {
  [ACTION_ID.approve]: "approve",
  [ACTION_ID["approve-less"]]: "approve",
  [ACTION_ID.deny]: "deny",
  [ACTION_ID.revoke]: "revoke",
  [APPROVE_ALL]: "approve",
  [DENY_ALL]: "deny",
};

const DECIDING_FORMS: Readonly<Record<string, AttemptVerb>> = {
  [LESS_FORM]: "approve",
  [DENY_FORM]: "deny",
  [DENY_ALL_FORM]: "deny",
};

/** @returns one for each request; nothing where the payload asks for none, or names no request of ours */
export function decisionsIn(payload: PersonPayload): readonly TriedDecision[] {
  const [tried, value] = asked(payload);
  if (tried === undefined) return [];
  const one = parseButtonValue(value ?? "");
  const named = one ? [one] : (parseButtonValues(value ?? "") ?? []);
  return named.filter(({ id }) => isRequestId(id)).map(({ id }) => ({ id, tried }));
}

function asked(
  payload: PersonPayload,
): readonly [AttemptVerb | undefined, string | null | undefined] {
  if (payload.type === "block_actions") {
    const [action] = payload.actions;
    const id = action?.action_id ?? "";
    return [Object.hasOwn(DECISIONS, id) ? DECISIONS[id] : undefined, action?.value];
  }
  if (payload.type === "view_submission") {
    const form = payload.view.callback_id ?? "";
    const tried = Object.hasOwn(DECIDING_FORMS, form) ? DECIDING_FORMS[form] : undefined;
    return [tried, payload.view.private_metadata];
  }
  return [undefined, undefined];
}

/** The id of the request whose review a payload is about; undefined for every other payload. */
export function reviewIn(payload: PersonPayload): string | undefined {
  const value =
    payload.type === "block_actions" && payload.actions[0]?.action_id === ACTION_ID.review
      ? payload.actions[0].value
      : payload.type === "view_submission" && payload.view.callback_id === REVIEW_FORM
        ? payload.view.private_metadata
        : undefined;
  const id = parseButtonValue(value ?? "")?.id;
  return id !== undefined && isRequestId(id) ? id : undefined;
}

/** The id of the request of which a payload makes a break-glass; undefined for every other payload. */
export function escalationIn(payload: PersonPayload): string | undefined {
  if (payload.type !== "view_submission" || payload.view.callback_id !== ESCALATE_FORM)
    return undefined;
  const id = parseButtonValue(payload.view.private_metadata ?? "")?.id;
  return id !== undefined && isRequestId(id) ? id : undefined;
}

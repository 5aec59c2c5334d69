/** Somebody's access and open requests, as a list of blocks with buttons. */
import { describeAccess } from "../../domain/requests/access-text.ts";
import type { AccessRequest, State } from "../../domain/requests/request.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import { type ACTION_ID, buttonValue } from "../actions.ts";
import { button, dateText, escaped, type Json } from "../blocks.ts";

type ActionId = (typeof ACTION_ID)[keyof typeof ACTION_ID];

const LABELS: Readonly<Record<ActionId, string>> = {
  approve: "Approve",
  deny: "Deny",
  details: "Details",
  revoke: "Revoke",
  cancel: "Cancel",
  return: "Return",
  ask_again: "Ask again",
};
const STYLES: Readonly<Partial<Record<ActionId, string>>> = { approve: "primary", deny: "danger" };

/** What its own requester can do with a request. */
export const OWN_ACTIONS: Readonly<Record<State, readonly ActionId[]>> = {
  pending: ["cancel", "details"],
  approved: ["cancel", "details"],
  active: ["return", "details"],
  ending: ["details"],
  ended: ["ask_again"],
  denied: ["ask_again"],
  cancelled: ["ask_again"],
  lapsed: ["ask_again"],
  failed: ["ask_again"],
};

/** One request: a line, and its buttons. */
export const requestBlocks = (
  request: AccessRequest,
  actions: readonly ActionId[],
): readonly Json[] => [
  { type: "section", text: { type: "mrkdwn", text: lineOf(request), verbatim: true } },
  {
    type: "actions",
    elements: actions.map((id) => button(LABELS[id], id, buttonValue(request), STYLES[id])),
  },
];

const UNTIL: Readonly<Partial<Record<State, (request: AccessRequest) => string | null>>> = {
  pending: ({ lapsesAt }) => lapsesAt,
  approved: ({ expiresAt }) => expiresAt,
  active: ({ expiresAt }) => expiresAt,
};

/** For markup. The reason is cut, so that the line stays below Slack's 3,000 characters. */
function lineOf(request: AccessRequest): string {
  const { requester, access, cluster, durationSeconds, state, reason } = request;
  const until = UNTIL[state]?.(request);
  const what = `${describeAccess(access)} on ${cluster.name}`.slice(0, 400);
  return [
    `${escaped(requester)}: ${escaped(what)}, ${formatDuration(durationSeconds)}, ${state}`,
    until ? `, until ${dateText(until)}` : "",
    `\n${escaped(reason.slice(0, 200))}`,
  ].join("");
}

import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import { type Deed, DONE_IN_SLACK, isAcknowledged, reasonOf } from "../stage/stage.ts";
import { attackedIds } from "./attacked.ts";
import { forgottenIds, isForgottenDeed } from "./restored.ts";
import type { Judgement, Seen, Violation } from "./seen.ts";

/** Kinds of actions that are steps of the history under the same name. */
const STEPS: ReadonlySet<string> = new Set(["approve", "deny", "cancel", "return", "revoke"]);

/** Slack signs whole bodies; the proof of the HTTP API has a caller. */
const isOfSlack = ({ details }: AuditEvent): boolean =>
  "proof" in details && "signedBody" in details.proof;

const surface = (isInSlack: boolean) => (isInSlack ? "Slack" : "The API");

/**
 * A repeated approval changes nothing, so a person who approves in both places has one step: the
 * first one, though they may not have heard of it.
 */
const isRepeated = ({ action, answer }: Deed, { deeds }: Seen): boolean =>
  action.kind === "approve" &&
  deeds.some(
    (other) =>
      other.action.kind === "approve" &&
      other.action.life === action.life &&
      other.action.person === action.person &&
      other.answer !== answer,
  );

/** A step that was answered as done, and is not in the history as that person's, in that place. */
function unwritten(deed: Deed, seen: Seen): readonly Violation[] {
  const { action, answer, to } = deed;
  const { answered, requests } = seen;
  if (!STEPS.has(action.kind) || !("life" in action && "person" in action)) return [];
  const id = answered.get(action.life)?.id;
  const events = requests.find(({ request }) => request.id === id)?.events ?? [];
  const isInSlack = answer === DONE_IN_SLACK;
  const isGone = events.length === 0 && forgottenIds(seen).has(id ?? "");
  const isWritten = events.some(
    (event) =>
      event.type === action.kind &&
      event.actor === action.person &&
      (isOfSlack(event) === isInSlack || isRepeated(deed, seen)),
  );
  if (id === undefined || isWritten || isGone || attackedIds(seen).has(id)) return [];
  const detail = `${surface(isInSlack)} answered that ${action.kind} by ${action.person} is done, and the history has no such step from there.`;
  return [{ at: to, request: id, detail, isFinal: true }];
}

/** Requests by `/access` that should exist and do not. */
function unstored(deed: Deed, seen: Seen): readonly Violation[] {
  const { action, answer, to } = deed;
  const { seed, requests } = seen;
  if (action.kind !== "ask" || answer !== DONE_IN_SLACK || isForgottenDeed(deed, seen)) return [];
  const reason = reasonOf(seed, action.life);
  if (requests.some(({ request }) => request.reason === reason)) return [];
  const detail = `Slack answered that life ${action.life} of ${action.person} was asked for, and there is no such request.`;
  return [{ at: to, detail, isFinal: true }];
}

export const ANSWERS: Judgement = {
  sentence: "Each step that a person was told is done is in the history.",
  judge: (seen) =>
    seen.deeds
      .filter(isAcknowledged)
      .flatMap((deed) => [...unwritten(deed, seen), ...unstored(deed, seen)]),
};

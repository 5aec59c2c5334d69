/**
 * The messages that should exist for one request, as data by kind. Pure: the same request, policy
 * and instant give the same messages. So a comparison shows whether to send a message, update it or
 * leave it.
 */
import { isEscalatable } from "../policy/glass-rule.ts";
import type { AccessPolicy } from "../policy/policy.ts";
import { closableReview } from "../requests/closable-review.ts";
import { isFinal } from "../requests/lifecycle.ts";
import type { AccessRequest, State } from "../requests/request.ts";
import { requesterStop } from "../stops/requester-stop.ts";
import { NO_STOPS, type Stopped } from "../stops/stops.ts";
import { plusSeconds } from "../values/instant.ts";
import {
  breakGlassReaders,
  channelOf,
  type Delegating,
  directApprovers,
  isWantedFrom,
  NOBODY_DELEGATES,
  requester,
  type Situation,
} from "./audiences.ts";
import { withBreakGlassReview } from "./break-glass-review.ts";
import { decisionFacts, withRequesterStop } from "./decision-facts.ts";
import { delegateNotices } from "./delegate-notices.ts";
import { lessNotices } from "./less-notices.ts";
import { asMailed } from "./mailed.ts";
import type {
  Audience,
  NoticeAction,
  NoticeFacts,
  NoticePlan,
  Precedence,
  RequestNotice,
} from "./notice.ts";
import { noticeFacts } from "./notice-facts.ts";
import { noticeKey } from "./notice-key.ts";
import {
  activeSoon,
  endsSoon,
  isWarnedAt,
  NEWS_SECONDS,
  nextAskedAt,
  nextChange,
  shownOf,
} from "./notice-times.ts";
import { DECISIONS, decidableActions, offeredActions } from "./offered-actions.ts";
import { promptNotices } from "./prompt-notices.ts";
import { hasNotices } from "./readers.ts";
import { mayReviewAt, reviewNotices } from "./review-notices.ts";

/** One kind of message: who reads it, and in which situation it is sent at all. */
interface Row {
  readonly kind: RequestNotice["kind"];
  readonly audiences: (situation: Situation) => readonly Audience[];
  /** Whether it is sent where it was never sent; what was sent is always brought up to date. */
  readonly send: (situation: Situation, audience: Audience, facts: NoticeFacts) => boolean;
  readonly precedence: Precedence;
  /** The part of the request that it shows; all of it if absent. */
  readonly shows?: (facts: NoticeFacts, situation: Situation) => NoticeFacts;
  /** States in which a newer message has overtaken it. */
  readonly overtakenIn: readonly State[];
  readonly actions: Readonly<Partial<Record<State, readonly NoticeAction[]>>>;
}

const FINAL: readonly State[] = ["ended", "denied", "cancelled", "lapsed", "failed"];
const OVER: readonly State[] = ["ending", ...FINAL];

const within =
  (...states: readonly State[]) =>
  ({ request }: Situation) =>
    states.includes(request.state);
/** It is approved, and was asked to start at a time that has not come. */
const startsLater = ({ request, now }: Situation) =>
  request.state === "approved" && request.startsAt !== null && request.startsAt > now;

/** Its own time is over, but not that of the access. */
const isContinued = ({ extendedBy, outcome }: AccessRequest) =>
  extendedBy !== undefined && outcome?.code === "expired";

const ROWS: readonly Row[] = [
  {
    kind: "request",
    precedence: "first",
    overtakenIn: [],
    audiences: channelOf,
    send: () => true,
    shows: (facts, { suspension }) => withRequesterStop(facts, suspension),
    actions: {
      pending: DECISIONS,
      approved: ["revoke", "details"],
      active: ["revoke", "details"],
      ending: ["details"],
    },
  },
  {
    kind: "decision-wanted",
    precedence: "first",
    overtakenIn: ["approved", "active", ...OVER],
    audiences: directApprovers,
    send: (situation, audience, facts) =>
      situation.request.state === "pending" && isWantedFrom(situation, audience, facts),
    shows: (facts, { suspension }) => withRequesterStop(decisionFacts(facts), suspension),
    actions: { pending: DECISIONS },
  },
  {
    kind: "waiting",
    precedence: "next",
    overtakenIn: ["approved", "active", ...OVER],
    audiences: requester,
    send: ({ policy, request }) => isEscalatable(policy, request),
    shows: decisionFacts,
    actions: { pending: ["escalate", "cancel"] },
  },
  {
    kind: "scheduled",
    precedence: "next",
    overtakenIn: ["active", ...OVER],
    audiences: requester,
    send: startsLater,
    actions: { approved: ["cancel"] },
  },
  {
    kind: "access",
    precedence: "next",
    overtakenIn: OVER,
    audiences: requester,
    send: (situation) => within("approved", "active")(situation) && !startsLater(situation),
    actions: { approved: ["cancel"], active: ["extend", "return"] },
  },
  {
    kind: "ends-soon",
    precedence: "first",
    overtakenIn: OVER,
    audiences: requester,
    send: ({ request, now, endsSoonAt }) =>
      request.state === "active" &&
      request.extendedBy === undefined &&
      endsSoonAt !== null &&
      isWarnedAt(endsSoonAt, request.revokeAt ?? now, now),
    actions: { active: ["extend", "return"] },
  },
  {
    kind: "over",
    precedence: "first",
    overtakenIn: [],
    audiences: requester,
    // The requester knows of a question taken back unanswered. An end of a chain is said once.
    send: ({ request }) =>
      isFinal(request.state) &&
      request.state !== "cancelled" &&
      request.endedWith === undefined &&
      !isContinued(request),
    actions: {
      ended: ["ask-again"],
      denied: ["ask-again"],
      lapsed: ["ask-again"],
      failed: ["ask-again"],
    },
  },
  {
    kind: "break-glass",
    precedence: "first",
    overtakenIn: [],
    audiences: breakGlassReaders,
    send: ({ request }) => request.breakGlass,
    shows: withBreakGlassReview,
    actions: {
      approved: ["revoke", "details"],
      active: ["revoke", "details"],
      ending: ["details"],
      ended: ["review", "details"],
      failed: ["review", "details"],
    },
  },
];

/**
 * @param now ISO 8601 UTC
 * @param delegating who is asked for somebody else, or was
 * @param stopped who is suspended
 */
export function noticesFor(
  policy: AccessPolicy,
  request: AccessRequest,
  now: string,
  delegating: Delegating = NOBODY_DELEGATES,
  stopped: Stopped = NO_STOPS,
): NoticePlan<RequestNotice> {
  if (isLongOver(request, now)) return { notices: [], changesAt: null };
  // Events are published without a medium too.
  if (!hasNotices(policy)) return { notices: [], changesAt: nextAskedAt(policy, request, now) };
  const shown = shownOf(request, now);
  // A request stored as ending may still be shown as active, but it ends now, not soon.
  const endsSoonAt = request.state === "active" ? endsSoon(request) : null;
  const suspension = requesterStop(policy, stopped, shown);
  const situation = { policy, request: shown, now, endsSoonAt, delegating, suspension };
  const facts = noticeFacts(policy, shown, now);
  const forOthers = delegateNotices(situation, facts);
  // An approver who is asked for themselves, and later for somebody else, has one message.
  const isTaken = (key: string) => forOthers.some((notice) => notice.key === key);
  const notices = ROWS.flatMap((row) => noticesOf(row, facts, situation)).filter(
    ({ key }) => !isTaken(key),
  );
  const others = [
    ...forOthers,
    ...lessNotices(situation, facts),
    ...promptNotices(situation),
    ...reviewNotices(situation, withBreakGlassReview(facts, situation)),
  ];
  const all = [...notices, ...others].flatMap(asMailed);
  return { notices: all, changesAt: nextChange(request, situation) };
}

function noticesOf(row: Row, facts: NoticeFacts, situation: Situation): readonly RequestNotice[] {
  const { kind } = row;
  const { policy, request, now } = situation;
  const audiences = row.audiences(situation);
  if (audiences.length === 0) return [];
  const shown = row.shows?.(facts, situation) ?? facts;
  const offered = offeredActions(policy, request, row.actions[request.state] ?? []);
  const actions = decidableActions(offered, situation.suspension);
  return audiences.map((audience) => ({
    subject: request.id,
    key: noticeKey(kind, audience),
    kind,
    audience,
    facts: shown,
    actions: actions.filter((action) => action !== "review" || mayReviewAt(situation, audience)),
    send: row.send(situation, audience, facts),
    precedence: row.overtakenIn.includes(request.state) ? "last" : row.precedence,
    // An alarm waits for nothing.
    notBefore: kind === "break-glass" ? null : activeSoon(request, now),
  }));
}

/**
 * Whether it is old news. Otherwise what can never be delivered would be tried for ever. An open review
 * is news for as long as it is open.
 */
const isLongOver = (request: AccessRequest, now: string): boolean =>
  isFinal(request.state) &&
  closableReview(request) === undefined &&
  now > plusSeconds(request.updatedAt, NEWS_SECONDS);

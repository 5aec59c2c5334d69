/**
 * The messages about requests that were asked for at once: whoever would be asked about several of them in Slack has
 * one message, which shows all of these. The request with the first id has it, so that each part knows whose it
 * is. E-mail, delegates and a second circle hear of each part by itself. Pure.
 */
import type { AccessPolicy } from "../policy/policy.ts";
import { isFinal } from "../requests/lifecycle.ts";
import type { AccessRequest } from "../requests/request.ts";
import { NO_STOPS, type Stopped } from "../stops/stops.ts";
import { earliest, plusSeconds } from "../values/instant.ts";
import { channelOf, type Delegating, directApprovers, NOBODY_DELEGATES } from "./audiences.ts";
import { mediumOf, type NoticePlan, type RequestNotice } from "./notice.ts";
import { NEWS_SECONDS } from "./notice-times.ts";
import { noticesFor } from "./notices-for.ts";

/** Messages that ask for a decision, and show what came of it. */
const ASKING: ReadonlySet<RequestNotice["kind"]> = new Set(["request", "decision-wanted"]);

/** One part of an ask, with the messages that it would have by itself. */
interface Part {
  readonly request: AccessRequest;
  readonly plan: NoticePlan<RequestNotice>;
}

/**
 * The messages of one request, as `noticesFor` has them.
 *
 * @param others those that were asked for with it
 * @param now ISO 8601 UTC
 */
export function noticesTogether(
  policy: AccessPolicy,
  request: AccessRequest,
  others: readonly AccessRequest[],
  now: string,
  delegating: Delegating = NOBODY_DELEGATES,
  stopped: Stopped = NO_STOPS,
): NoticePlan<RequestNotice> {
  if (others.length === 0) return noticesFor(policy, request, now, delegating, stopped);
  const at = (one: AccessRequest) => lookedAt(one, [request, ...others], now);
  const own = noticesFor(policy, request, at(request), delegating, stopped);
  const parts = others.map((other) => ({
    request: other,
    plan: noticesFor(policy, other, at(other), NOBODY_DELEGATES, stopped),
  }));
  const shared = own.notices.map((notice) =>
    sharedNotice(policy, { request, plan: own }, notice, parts),
  );
  const kept = new Set(shared.filter(({ parts: more }) => more).map(({ key }) => key));
  const times = [own, ...(kept.size > 0 ? parts.map(({ plan }) => plan) : [])].flatMap(
    ({ changesAt }) => changesAt ?? [],
  );
  return {
    notices: [...shared, ...promptsOf(parts, shared, kept)],
    changesAt: earliest(times) ?? null,
  };
}

/** A part that is long over is shown as it was, for as long as another part is news. */
function lookedAt(one: AccessRequest, all: readonly AccessRequest[], now: string): string {
  const last = ({ updatedAt }: AccessRequest) => plusSeconds(updatedAt, NEWS_SECONDS);
  const isNews = all.some((each) => !isFinal(each.state) || now <= last(each));
  return isNews && isFinal(one.state) && last(one) < now ? last(one) : now;
}

/** The notice with the other parts that its reader is asked about; not sent where another part has it. */
function sharedNotice(
  policy: AccessPolicy,
  { request }: Part,
  notice: RequestNotice,
  others: readonly Part[],
): RequestNotice {
  const isFor = (one: AccessRequest) => isAskedAtFirst(policy, one, notice);
  const parts = others.filter((part) => isFor(part.request));
  if (!isShareable(notice) || !isFor(request) || parts.length === 0) return notice;
  if (parts.some((part) => part.request.id < request.id)) return { ...notice, send: false };
  const also = parts.flatMap(({ plan }) => plan.notices.filter(({ key }) => key === notice.key));
  return {
    ...notice,
    parts: also.map(({ facts, actions }) => ({ facts, actions })),
    send: [notice, ...also].some(({ send }) => send),
    precedence: [notice, ...also].every(({ precedence }) => precedence === "last")
      ? "last"
      : "first",
  };
}

const isShareable = ({ kind, audience }: RequestNotice): boolean =>
  ASKING.has(kind) && mediumOf(audience) === "slack";

/** Whether a request asks this reader from its beginning on. Later circles have messages of their own. */
function isAskedAtFirst(
  policy: AccessPolicy,
  request: AccessRequest,
  { kind, audience }: RequestNotice,
): boolean {
  const atFirst = {
    ...{ policy, request: { ...request, state: "pending" as const }, now: request.createdAt },
    ...{ endsSoonAt: null, delegating: NOBODY_DELEGATES, suspension: undefined },
  };
  const readers = kind === "request" ? channelOf(atFirst) : directApprovers(atFirst);
  return readers.some((reader) => JSON.stringify(reader) === JSON.stringify(audience));
}

/** Reminders about parts without a message of their own, in the thread of the message that shows them. */
const promptsOf = (
  parts: readonly Part[],
  own: readonly RequestNotice[],
  kept: ReadonlySet<string>,
): readonly RequestNotice[] => {
  const known = new Set(own.map(({ key }) => key));
  const all = parts
    .flatMap(({ plan }) => plan.notices)
    .filter(({ key, thread }) => thread !== undefined && kept.has(thread) && !known.has(key));
  // At one time, one reminder is enough for all that wait.
  return [...new Map(all.toReversed().map((notice) => [notice.key, notice])).values()].map(
    (notice) => ({ ...notice, subject: own[0]?.subject ?? notice.subject }),
  );
};

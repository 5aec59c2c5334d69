/**
 * Notices in a medium that cannot change what it sent. Slack's message shows the present state; an
 * e-mail says one thing, and what came of it is a further e-mail in its thread. Pure.
 */
import { isFinal } from "../requests/lifecycle.ts";
import type { Notice, RequestNotice } from "./notice.ts";
import { noticeKey } from "./notice-key.ts";

/** A notice as its medium takes it: empty where an e-mail would say nothing new. */
export function asMailed<Kind extends Notice>(notice: Kind): readonly Kind[] {
  if (notice.audience.kind !== "mailbox") return [notice];
  const mailed = followedUp(notice);
  return mailed ? [{ ...notice, ...mailed, actions: [], once: true }] : [];
}

/** The parts in which a further e-mail differs from the first. */
type FollowUp = Partial<Pick<Notice, "key" | "thread" | "send" | "precedence">>;

/** Undefined where there is nothing to send. */
function followedUp(notice: Notice): FollowUp | undefined {
  if (notice.kind === "finding")
    return notice.facts.acknowledgements.length > 0 ? after(notice, "acknowledged") : {};
  if (isAboutRequest(notice)) {
    const word = WORDS[notice.kind]?.(notice);
    if (word !== undefined) return hasDecided(notice) ? undefined : after(notice, word);
  }
  if (!notice.send || isAskedInVain(notice)) return undefined;
  // Access that is added slowly is news twice.
  return notice.kind === "access" && notice.facts.state === "approved"
    ? { key: noticeKey("access", notice.audience, "approved") }
    : {};
}

/** An approver who decided knows of the decision. */
const hasDecided = ({ audience, facts }: RequestNotice): boolean =>
  audience.kind === "mailbox" &&
  (facts.approvers.some((by) => isBy(audience.person, `${by}.`)) ||
    isBy(audience.person, facts.outcome?.detail.replace(/^Denied by /, "") ?? ""));

/** @param text that begins with the person who decided, and perhaps for whom */
const isBy = (person: string, text: string): boolean =>
  [".", ":", " for "].some((next) => text.startsWith(`${person}${next}`));

/** Nobody is asked for a decision that the API refuses: an e-mail cannot say later that it is wanted again. */
const isAskedInVain = (notice: Notice): boolean =>
  notice.kind === "decision-wanted" && notice.facts.suspended !== undefined;

const isAboutRequest = (notice: Notice): notice is RequestNotice => "requestId" in notice.facts;

/**
 * It is sent only where the first one was: nobody hears what came of a question that they were not
 * asked.
 */
const after = (notice: Notice, word: string): FollowUp => ({
  key: noticeKey(notice.kind, notice.audience, word),
  thread: noticeKey(notice.kind, notice.audience),
  send: true,
  precedence: "next",
});

/** A word for the outcome, where the reader wants to know it; undefined while the first message says it all. */
const WORDS: Readonly<
  Partial<Record<RequestNotice["kind"], (notice: RequestNotice) => string | undefined>>
> = {
  "decision-wanted": ({ facts }) => (facts.state === "pending" ? undefined : "settled"),
  "break-glass": ({ facts, send }) => (send && isFinal(facts.state) ? "over" : undefined),
  "review-wanted": ({ facts }) => (facts.breakGlassReview?.review?.closed ? "settled" : undefined),
};

/** The instants that a message about a request shows, each with the word before it. */
import type { NoticeFacts } from "../domain/notices/notice.ts";
import { type NothingRemains, nothingRemains } from "../domain/requests/end-proof.ts";
import { earliest } from "../domain/values/instant.ts";
import { WHEN } from "./notice-texts.ts";

/** Instants of a message, each with the word before it. */
export type Times = readonly (readonly [word: string, at: string])[];

/** Those of a message about a request, in any state. */
export const requestTimes = (facts: NoticeFacts): Times => [
  ...timesOf(facts),
  ...extendedTimes(facts),
  ...reviewTimes(facts),
];

/** The instants that matter in a state. */
function timesOf(facts: NoticeFacts): Times {
  const { state, lapsesAt, startsAt, revokeAt, expiresAt, endedAt, extendedBy } = facts;
  const starts: Times = startsAt === null ? [] : [[WHEN.starts, startsAt]];
  if (state === "pending")
    return [
      ...starts,
      ...longerOf(facts),
      ...laterOf(facts),
      ...delegatedOf(facts),
      [WHEN.lapses, lapsesAt],
    ];
  if (state === "approved") return starts;
  // Its access lasts longer than its own time.
  if (extendedBy !== undefined && endedAt === null) return [];
  if (state === "active") return revokeAt === null ? [] : [[WHEN.until, revokeAt]];
  if (state === "ending") return expiresAt === null ? [] : [[WHEN.removedBy, expiresAt]];
  return endedAt === null ? [] : [endedTime(endedAt, facts.endProof)];
}

/** When its end was proven by a read that shows nothing of it, or when its end was stored. */
const endedTime = (endedAt: string, proof: NoticeFacts["endProof"]): Times[number] =>
  goneTime(nothingRemains(proof)) ?? [WHEN.ended, endedAt];

const goneTime = (proof: NothingRemains | undefined): Times[number] | undefined =>
  proof && [WHEN.gone, proof.readAt];

/** Until when its extension was approved to last, whatever became of that. */
const extendedTimes = ({ extendedUntil }: NoticeFacts): Times =>
  extendedUntil === undefined ? [] : [[WHEN.extended, extendedUntil]];

/** When an open review is due, on the messages that are about it. */
function reviewTimes({ breakGlassReview }: NoticeFacts): Times {
  const review = breakGlassReview?.review;
  return review?.closed === null ? [[WHEN.reviewDue, review.dueAt]] : [];
}

/** The time until which an extension would last. */
const longerOf = ({ until }: NoticeFacts): Times =>
  until === undefined ? [] : [[WHEN.wouldLast, until]];

/** Until when the reader may decide for another person, or for the first of several. */
function delegatedOf({ delegators = [] }: NoticeFacts): Times {
  const first = earliest(delegators.map(({ until }) => until));
  const when = delegators.length > 1 ? WHEN.delegatedFirst : WHEN.delegated;
  return first === undefined ? [] : [[when, first]];
}

/** When the next second circle is asked. */
function laterOf({ stillNeeded }: NoticeFacts): Times {
  const waiting = stillNeeded.flatMap(({ second }) => (second && !second.isAsked ? [second] : []));
  const next = earliest(waiting.map(({ askedFrom }) => askedFrom));
  return next === undefined ? [] : [[WHEN.later, next]];
}

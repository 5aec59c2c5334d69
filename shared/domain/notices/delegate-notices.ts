/** Messages that ask delegates to decide for who delegated to them. */

import { directApprovers, type Situation } from "./audiences.ts";
import { decisionFacts, withRequesterStop } from "./decision-facts.ts";
import { delegatesAsked } from "./delegates-asked.ts";
import type { Audience, NoticeFacts, RequestNotice } from "./notice.ts";
import { noticeKey, partsOfKey } from "./notice-key.ts";
import { DECISIONS, decidableActions, offeredActions } from "./offered-actions.ts";
import { people } from "./readers.ts";

const KIND = "decision-wanted";

/**
 * A message of their own to each delegate who is asked. A delegate who is no longer asked keeps the
 * message without its buttons: a delegation may end before the decision.
 */
export function delegateNotices(
  situation: Situation,
  facts: NoticeFacts,
): readonly RequestNotice[] {
  const { policy, request, now, delegating, suspension } = situation;
  const asked = delegatesAsked(policy, request, delegating.delegations, now);
  const own = [...directApprovers(situation).map(nameOf), ...asked.map(({ person }) => person)];
  const before = delegating.writtenTo.filter((person) => !own.includes(person));
  const all = [...asked, ...before.map((person) => ({ person, delegators: [] }))];
  return all.flatMap(({ person, delegators }) => {
    const isAsked = delegators.length > 0;
    return people(policy, [person]).map((audience) => ({
      subject: request.id,
      key: noticeKey(KIND, audience),
      kind: KIND,
      audience,
      facts: { ...withRequesterStop(decisionFacts(facts), suspension), delegators },
      actions: isAsked
        ? decidableActions(offeredActions(policy, request, DECISIONS), suspension)
        : [],
      send: isAsked,
      precedence: isAsked ? "first" : "last",
      notBefore: null,
    }));
  });
}

const nameOf = (audience: Audience): string =>
  audience.kind === "channel" ? audience.channel : audience.person;

/** The people who have a message that asks them, by the keys of the messages that were sent. */
export const askedInMessages = (keys: readonly string[]): readonly string[] => [
  ...new Set(keys.map(partsOfKey).flatMap(({ kind, to }) => (kind === KIND ? [to] : []))),
];

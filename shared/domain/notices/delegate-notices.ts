/** Messages that ask delegates to decide for who delegated to them. */

import { directApprovers, type Situation } from "./audiences.ts";
import { decisionFacts, withRequesterStop } from "./decision-facts.ts";
import { delegatesAsked } from "./delegates-asked.ts";
import {
  type Audience,
  type NoticeFacts,
  noticeKey,
  partsOfKey,
  type RequestNotice,
} from "./notice.ts";
import { DECISIONS, decidableActions, offeredActions } from "./offered-actions.ts";

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
  return all.map(({ person, delegators }) => {
    const audience = { kind: "person", person } as const;
    const isAsked = delegators.length > 0;
    return {
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
    };
  });
}

const nameOf = (audience: Audience): string =>
  audience.kind === "person" ? audience.person : audience.channel;

/** The people who have a message that asks them, by the keys of the messages that were sent. */
export const askedInMessages = (keys: readonly string[]): readonly string[] =>
  keys.map(partsOfKey).flatMap(({ kind, to }) => (kind === KIND ? [to] : []));

/** The delegates who are asked to decide on a pending request for somebody else. */
import type { Delegation } from "../delegations/delegation.ts";
import { countsUntil, isInForce, isPartyTo, standingFault } from "../policy/delegated.ts";
import { type AccessPolicy, memberOf } from "../policy/policy.ts";
import { ruleOfRequest } from "../policy/rule-of-request.ts";
import type { AccessRequest } from "../requests/request.ts";
import type { AskedFor } from "./notice.ts";
import { noticeFacts } from "./notice-facts.ts";

/** More people than this get no message of their own, nor do their delegates: their channel has it. */
export const MOST_DIRECT = 10;

/** A delegate, with the people for whom they are asked. */
interface DelegateAsked {
  readonly person: string;
  readonly delegators: readonly AskedFor[];
}

/**
 * The people who are asked by now, and whose delegates are asked with them. Empty where they are
 * many, or where the rule lets nobody decide for them.
 */
export function delegatorsAsked(
  policy: AccessPolicy,
  request: AccessRequest,
  now: string,
): readonly string[] {
  if (!policy.delegations || request.state !== "pending") return [];
  const { stillNeeded } = noticeFacts(policy, request, now);
  const asked = [...new Set(stillNeeded.flatMap(({ people }) => people))];
  return asked.length > MOST_DIRECT
    ? []
    : asked.filter((name) => {
        const delegator = memberOf(policy, name);
        const rule = ruleOfRequest(policy, request);
        return delegator && standingFault(policy, rule, request, delegator) === undefined;
      });
}

/**
 * Each delegate who can decide for somebody who is asked, once. A person who is asked for
 * themselves, or had a part in the request, is not asked for others.
 *
 * @param delegations that nobody has ended
 * @param now ISO 8601 UTC
 */
export function delegatesAsked(
  policy: AccessPolicy,
  request: AccessRequest,
  delegations: readonly Delegation[],
  now: string,
): readonly DelegateAsked[] {
  const delegators = delegatorsAsked(policy, request, now);
  const rule = ruleOfRequest(policy, request);
  const counted = delegations.filter(
    (each) =>
      delegators.includes(each.by) &&
      isInForce(policy, each, now) &&
      !isPartyTo(policy, rule, request, each.to) &&
      !isAskedOrHeard(policy, request, each.to, now),
  );
  return [...new Set(counted.map(({ to }) => to))].map((person) => ({
    person,
    delegators: delegators.flatMap((by) => {
      const [last] = counted
        .filter((each) => each.by === by && each.to === person)
        .map((each) => countsUntil(policy, each))
        .toSorted()
        .reverse();
      return last === undefined ? [] : [{ person: by, until: last }];
    }),
  }));
}

/** Whether a person is asked for themselves, or has filled a place of the quorum. */
const isAskedOrHeard = (
  policy: AccessPolicy,
  request: AccessRequest,
  name: string,
  now: string,
): boolean =>
  noticeFacts(policy, request, now).stillNeeded.some(({ people }) => people.includes(name)) ||
  request.approvals.some(
    ({ person, onBehalfOf }) => person === name || onBehalfOf?.person === name,
  );

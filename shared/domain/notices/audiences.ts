/** Decides who reads which message about a request, in a situation. */
import type { Delegation } from "../delegations/delegation.ts";
import { type ApproversOf, approversOf } from "../policy/approvers.ts";
import { ownersOf } from "../policy/machines.ts";
import {
  type AccessPolicy,
  isMachine,
  memberOf,
  type Rule,
  type SlackWorkspace,
} from "../policy/policy.ts";
import { ruleOfRequest } from "../policy/rule-of-request.ts";
import { firstCircle, skippedApprovers } from "../policy/skipped-approvers.ts";
import type { AccessRequest } from "../requests/request.ts";
import { askedFrom } from "../requests/requirement.ts";
import type { RequesterStop } from "../stops/requester-stop.ts";
import { delegatesAsked, MOST_DIRECT } from "./delegates-asked.ts";
import type { Audience, NoticeFacts } from "./notice.ts";

/** Facts about those who let others decide for them. */
export interface Delegating {
  /** Delegations of the people who are asked, unless somebody ended them. */
  readonly delegations: readonly Delegation[];
  /** People who have a message that asks them to decide. */
  readonly writtenTo: readonly string[];
}

export const NOBODY_DELEGATES: Delegating = { delegations: [], writtenTo: [] };

/** Everything that a message may depend on. */
export interface Situation {
  readonly policy: AccessPolicy;
  readonly slack: SlackWorkspace;
  readonly request: AccessRequest;
  readonly now: string;
  /** From here on the requester should know that access ends soon; null while that is unknown. */
  readonly endsSoonAt: string | null;
  readonly delegating: Delegating;
  /** The requester's suspension, while the request waits for a decision. */
  readonly suspension: RequesterStop | undefined;
}

export const channelOf = ({ policy, slack, request }: Situation): readonly Audience[] => [
  { kind: "channel", channel: ruleOfRequest(policy, request)?.notify.channel ?? slack.channel },
];

/** The reader of messages to the requester: themself, or the owners of a machine. */
export const requester = ({ policy, request }: Situation): readonly Audience[] =>
  readersOf(policy, request.requester);

/** The readers of what concerns a name of the policy: the person, or the owners of the machine. */
export function readersOf(policy: AccessPolicy, name: string): readonly Audience[] {
  const member = memberOf(policy, name);
  return member && isMachine(member) ? people(ownersOf(policy, name)) : [personal(name)];
}

const personal = (person: string): Audience => ({ kind: "person", person });

/** Each of some people; nobody where they are many. */
export const people = (names: readonly string[]): readonly Audience[] =>
  names.length > MOST_DIRECT ? [] : names.map(personal);

/** Break-glass is shown in the alarm channel, and to everyone whose approval was skipped. */
export const breakGlassReaders = (situation: Situation): readonly Audience[] => [
  { kind: "channel", channel: situation.slack.alarms },
  ...people(skippedApprovers(situation.policy, situation.request)),
];

/**
 * The approvers who have a message of their own. They are the first circle where the rule says so,
 * and a second circle whose time has come. Its time no longer matters once the request is decided,
 * since then only messages that were sent are brought up to date.
 */
export function directApprovers({ policy, request, now }: Situation): readonly Audience[] {
  const rule = ruleOfRequest(policy, request);
  if (!rule) return [];
  const needs = approversUnder(policy, rule, request);
  const first = rule.notify.direct ? namesIn(needs.map(firstCircle)) : [];
  const second = namesIn(
    needs.map(({ escalate }) =>
      escalate && (request.state !== "pending" || askedFrom(escalate, request.createdAt) <= now)
        ? escalate.people
        : [],
    ),
  ).filter((name) => !first.includes(name));
  return [...people(first), ...people(second)];
}

/** The delegates who are asked for somebody else. */
export const delegateReaders = ({
  policy,
  request,
  now,
  delegating,
}: Situation): readonly Audience[] =>
  delegatesAsked(policy, request, delegating.delegations, now).map(({ person }) =>
    personal(person),
  );

/** Whether a reader is asked for an approval that is still wanted, in a message of their own. */
export function isWantedFrom(
  { policy, request }: Situation,
  audience: Audience,
  { stillNeeded }: NoticeFacts,
): boolean {
  if (audience.kind !== "person") return false;
  const isDirect = ruleOfRequest(policy, request)?.notify.direct === true;
  return stillNeeded.some(({ people: all, second }) =>
    (isDirect ? all : second?.isAsked ? second.people : []).includes(audience.person),
  );
}

function approversUnder(
  policy: AccessPolicy,
  rule: Rule,
  { requester: name, principalArn }: AccessRequest,
): readonly ApproversOf[] {
  const member = memberOf(policy, name);
  return member ? approversOf(policy, rule, member, [principalArn]) : [];
}

const namesIn = (lists: readonly (readonly string[])[]): readonly string[] => [
  ...new Set(lists.flat()),
];

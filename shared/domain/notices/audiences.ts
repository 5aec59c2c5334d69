/** Decides who reads which message about a request, in a situation. */
import type { Delegation } from "../delegations/delegation.ts";
import { type ApproversOf, approversOf } from "../policy/approvers.ts";
import { type AccessPolicy, memberOf, type Rule } from "../policy/policy.ts";
import { ruleOfRequest } from "../policy/rule-of-request.ts";
import { firstCircle, skippedApprovers } from "../policy/skipped-approvers.ts";
import type { AccessRequest } from "../requests/request.ts";
import { askedFrom } from "../requests/requirement.ts";
import type { RequesterStop } from "../stops/requester-stop.ts";
import { delegatesAsked } from "./delegates-asked.ts";
import { type Audience, mediumOf, type NoticeFacts } from "./notice.ts";
import { alarmReaders, byEmail, each, inSlack, people, readersOf } from "./readers.ts";

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
  readonly request: AccessRequest;
  readonly now: string;
  /** From here on the requester should know that access ends soon; null while that is unknown. */
  readonly endsSoonAt: string | null;
  readonly delegating: Delegating;
  /** The requester's suspension, while the request waits for a decision. */
  readonly suspension: RequesterStop | undefined;
}

/** The approvers' channel in Slack, where there is one. */
export const channelOf = ({ policy, request }: Situation): readonly Audience[] =>
  policy.slack
    ? [
        {
          kind: "channel",
          channel: ruleOfRequest(policy, request)?.notify.channel ?? policy.slack.channel,
        },
      ]
    : [];

/** The reader of messages to the requester: themself, or the owners of a machine. */
export const requester = ({ policy, request }: Situation): readonly Audience[] =>
  readersOf(policy, request.requester);

/** Break-glass is an alarm, and is shown to everyone whose approval was skipped. */
export const breakGlassReaders = ({ policy, request }: Situation): readonly Audience[] =>
  each([
    ...alarmReaders(policy, ["admins"]),
    ...people(policy, skippedApprovers(policy, request), "alarm"),
  ]);

/**
 * The approvers who have a message of their own. They are the first circle where the rule says so, where it is
 * whoever is on call, or where they read e-mail, which has no channel. A second circle follows when its time has come. Its time
 * no longer matters once the request is decided: then only what was sent is brought up to date.
 */
export function directApprovers({ policy, request, now }: Situation): readonly Audience[] {
  const rule = ruleOfRequest(policy, request);
  if (!rule) return [];
  const needs = approversUnder(policy, rule, request);
  const firsts = needs.map(firstCircle);
  const seconds = needs.map(({ escalate }) =>
    escalate && (request.state !== "pending" || askedFrom(escalate, request.createdAt) <= now)
      ? escalate.people
      : [],
  );
  // A message of their own is what asks those on call before the others.
  const called = firsts.filter((_, at) => needs[at]?.onCall !== undefined);
  const first = namesIn(rule.notify.direct ? firsts : called);
  const second = namesIn(seconds).filter((name) => !first.includes(name));
  // Ten of each requirement, so that no requirement is heard of by nobody.
  const mailed = [...firsts, ...seconds].flatMap((names) => byEmail(policy, names));
  return [...inSlack(policy, first), ...inSlack(policy, second), ...each(mailed)];
}

/** The delegates who are asked for somebody else. */
export const delegateReaders = ({
  policy,
  request,
  now,
  delegating,
}: Situation): readonly Audience[] =>
  delegatesAsked(policy, request, delegating.delegations, now).flatMap(({ person }) =>
    people(policy, [person]),
  );

/** Whether a reader is asked for an approval that is still wanted, in a message of their own. */
export function isWantedFrom(
  { policy, request }: Situation,
  audience: Audience,
  { stillNeeded }: NoticeFacts,
): boolean {
  if (audience.kind === "channel") return false;
  const isDirect =
    mediumOf(audience) === "email" || ruleOfRequest(policy, request)?.notify.direct === true;
  return stillNeeded.some(({ people: all, onCall, second }) =>
    (isDirect || onCall !== undefined ? all : second?.isAsked ? second.people : []).includes(
      audience.person,
    ),
  );
}

function approversUnder(
  policy: AccessPolicy,
  rule: Rule,
  { requester: name, principalArn, askedFirst }: AccessRequest,
): readonly ApproversOf[] {
  const member = memberOf(policy, name);
  return member ? approversOf(policy, rule, member, [principalArn], askedFirst ?? {}) : [];
}

const namesIn = (lists: readonly (readonly string[])[]): readonly string[] => [
  ...new Set(lists.flat()),
];

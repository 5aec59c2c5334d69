/** The voice of an approval: the approver, or the delegator on whose behalf they decided. */
import type { AccessRequest, Approval } from "../requests/request.ts";
import { countedApprovals } from "./approval.ts";
import { isPartyTo, standingFault } from "./delegated.ts";
import { type AccessPolicy, isMachine, memberOf, type Rule } from "./policy.ts";

/** A voice, which fills at most one place of a quorum. */
export interface Voice {
  /** The person who approved. */
  readonly name: string;
  /** Everyone whose place it takes: whoever approved, and on whose behalf. */
  readonly names: readonly string[];
  /** The groups that its people are in today. */
  readonly groups: readonly string[];
}

/**
 * The voices of a request's approvals that count under the policy of today. Approvals in which the
 * same person has a part, as approver or as delegator, are one voice.
 *
 * @param isCovered whether an approval on somebody's behalf was given under a delegation in force
 */
export function voicesOf(
  policy: AccessPolicy,
  rule: Rule | undefined,
  request: AccessRequest,
  isCovered: (approval: Approval) => boolean,
): readonly Voice[] {
  const counted = countedApprovals(rule, request).filter(
    (approval) => approval.onBehalfOf === undefined || isCovered(approval),
  );
  return counted
    .flatMap((approval) => voiceOf(policy, rule, request, approval) ?? [])
    .reduce(withVoice, []);
}

/** Undefined where the approver, or the delegator, has no standing that could count, or is a machine. */
export function voiceOf(
  policy: AccessPolicy,
  rule: Rule | undefined,
  request: Pick<AccessRequest, "requester" | "principalArn">,
  { person, onBehalfOf }: Pick<Approval, "person" | "onBehalfOf">,
): Voice | undefined {
  const approver = memberOf(policy, person);
  if (!approver || isMachine(approver) || isPartyTo(policy, rule, request, person))
    return undefined;
  if (!onBehalfOf) return { name: person, names: [person], groups: approver.groups };
  const delegator = memberOf(policy, onBehalfOf.person);
  if (!delegator || isMachine(delegator) || standingFault(policy, rule, request, delegator))
    return undefined;
  return { name: person, names: [person, delegator.name], groups: delegator.groups };
}

/** Adds a voice to others. It becomes one with all that share a person with it. */
export function withVoice(voices: readonly Voice[], voice: Voice): readonly Voice[] {
  const same = voices.filter(({ names }) => names.some((name) => voice.names.includes(name)));
  const all = [...same, voice];
  const one = {
    name: all[0]?.name ?? voice.name,
    names: [...new Set(all.flatMap(({ names }) => names))],
    groups: [...new Set(all.flatMap(({ groups }) => groups))],
  };
  return [...voices.filter((each) => !same.includes(each)), one];
}

/** As whom somebody decides on a request: for themselves, or for who delegated to them. */
import type { Delegation } from "../delegations/delegation.ts";
import type { AccessRequest, OnBehalfOf, Requirement } from "../requests/request.ts";
import type { BrokerError } from "../values/errors.ts";
import { mayApprove, openPlaces } from "./approval.ts";
import { delegationState, isInForce, standingFault } from "./delegated.ts";
import {
  delegationsOff,
  delegatorLostStanding,
  notDelegated,
  notInForce,
  standingRefusal,
} from "./delegation-refusals.ts";
import { type AccessPolicy, type Member, memberOf, type Rule } from "./policy.ts";
import { type Voice, voiceOf } from "./voices.ts";

/** The facts that a decision depends on, besides who makes it. */
export interface ToDecide {
  readonly policy: AccessPolicy;
  readonly rule: Rule | undefined;
  readonly request: AccessRequest;
  /** Today's requirements, as far as they were fixed at the request. */
  readonly requirements: readonly Requirement[];
  /** The voices of the request's approvals. */
  readonly voices: readonly Voice[];
  /** When it is decided. ISO 8601 UTC. */
  readonly at: string;
}

/**
 * The delegator on whose behalf a person decides, where they name one. Where they name nobody, as
 * whoever fills a place that is open, and for themselves first. Undefined for themselves.
 *
 * @param held delegations to the person that nobody has ended
 * @param named a delegator, or the person
 * @throws BrokerError where they name somebody for whom they may not decide, or can decide for nobody
 *   who delegated to them: `not-delegated`, `delegation-over`, `delegations-off`, `not-delegable`,
 *   `delegator-asked`, `delegator-holds-principal`, `delegator-lost-standing`
 */
export function deciderOf(
  what: ToDecide,
  member: Member,
  held: readonly Delegation[],
  named: string | undefined,
): OnBehalfOf | undefined {
  if (named === member.name) return undefined;
  if (named !== undefined && !what.policy.delegations) throw delegationsOff();
  const refusals = held.map((each) => [each, refusalOf(what, each)] as const);
  if (named !== undefined) {
    const own = refusals.filter(([{ by }]) => by === named);
    const able = own.find(([, refusal]) => refusal === undefined);
    if (able) return behalfOf(able[0]);
    throw own[0]?.[1] ?? notDelegated(named);
  }
  const able = refusals.flatMap(([each, refusal]) => (refusal ? [] : [behalfOf(each)]));
  const isAble = mayApprove(what.requirements, member);
  const [first] = refusals;
  if (!isAble && able.length === 0 && first?.[1]) throw first[1];
  const all = [...(isAble ? [undefined] : []), ...able];
  return all.find((behalf) => fillsPlace(what, member, behalf)) ?? all[0];
}

/** Whether one more voice leaves fewer places open. */
function fillsPlace(
  { policy, rule, request, requirements, voices }: ToDecide,
  { name: person }: Member,
  onBehalfOf: OnBehalfOf | undefined,
): boolean {
  const voice = voiceOf(policy, rule, request, { person, ...(onBehalfOf ? { onBehalfOf } : {}) });
  if (!voice || voices.some(({ names }) => names.some((name) => voice.names.includes(name))))
    return false;
  const open = (all: readonly Voice[]) =>
    openPlaces(requirements, all).reduce((sum, count) => sum + count, 0);
  return open([...voices, voice]) < open(voices);
}

const behalfOf = ({ by: person, id: delegation }: Delegation): OnBehalfOf => ({
  person,
  delegation,
});

/** Why nobody decides on a request under a delegation; undefined where its delegate may. */
function refusalOf(
  { policy, rule, request, requirements, at }: ToDecide,
  delegation: Delegation,
): BrokerError | undefined {
  const delegator = memberOf(policy, delegation.by);
  if (!policy.delegations || !isInForce(policy, delegation, at))
    return notInForce(policy, delegation, delegationState(policy, delegation, at));
  const fault = delegator && standingFault(policy, rule, request, delegator);
  if (fault) return standingRefusal(fault, request, delegation.by);
  if (!delegator || !mayApprove(requirements, delegator))
    return delegatorLostStanding(delegation.by);
  return undefined;
}

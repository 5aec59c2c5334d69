/** As whom somebody decides on a request: for themselves, or for who delegated to them. */
import type { Delegation } from "../delegations/delegation.ts";
import type { OnBehalfOf } from "../requests/request.ts";
import type { BrokerError } from "../values/errors.ts";
import { mayApprove, openPlaces } from "./approval.ts";
import type { Case } from "./decision-case.ts";
import { delegationState, isInForce, standingFault } from "./delegated.ts";
import {
  delegationsOff,
  delegatorLostStanding,
  notDelegated,
  notInForce,
  standingRefusal,
} from "./delegation-refusals.ts";
import { memberOf } from "./policy.ts";
import { type Voice, voiceOf } from "./voices.ts";

/**
 * The delegator on whose behalf a person decides, where they name one. Where they name nobody, as
 * whoever fills a place that is open, and for themselves first. Undefined for themselves.
 *
 * @param named a delegator, or the person
 * @throws BrokerError where they name somebody for whom they may not decide, or can decide for nobody
 *   who delegated to them: `not-delegated`, `delegation-over`, `delegations-off`, `not-delegable`,
 *   `delegator-asked`, `delegator-holds-principal`, `delegator-lost-standing`
 */
export function deciderOf(it: Case, named: string | undefined): OnBehalfOf | undefined {
  const { member, held } = it.approver;
  if (named === member.name) return undefined;
  if (named !== undefined && !it.policy.delegations) throw delegationsOff();
  const refusals = held.map((each) => [each, refusalOf(it, each)] as const);
  if (named !== undefined) {
    const own = refusals.filter(([{ by }]) => by === named);
    const able = own.find(([, refusal]) => refusal === undefined);
    if (able) return behalfOf(able[0]);
    throw own[0]?.[1] ?? notDelegated(named);
  }
  const able = refusals.flatMap(([each, refusal]) => (refusal ? [] : [behalfOf(each)]));
  const isAble = mayApprove(it.requirements, member);
  const [first] = refusals;
  if (!isAble && able.length === 0 && first?.[1]) throw first[1];
  const all = [...(isAble ? [undefined] : []), ...able];
  return all.find((behalf) => fillsPlace(it, behalf)) ?? all[0];
}

/** Whether one more voice leaves fewer places open. */
function fillsPlace(
  { policy, rule, request, requirements, voices, approver }: Case,
  onBehalfOf: OnBehalfOf | undefined,
): boolean {
  const { name: person } = approver.member;
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
  { policy, rule, request, requirements, at }: Case,
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

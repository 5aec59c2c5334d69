/** The decisions of the front door on a stored request. */

import type { Delegation } from "../../../shared/domain/delegations/delegation.ts";
import { isQuorum } from "../../../shared/domain/policy/approval.ts";
import { deciderOf } from "../../../shared/domain/policy/decider.ts";
import { caseOf } from "../../../shared/domain/policy/decision-case.ts";
import { findRule } from "../../../shared/domain/policy/eligibility.ts";
import { judgeExtension } from "../../../shared/domain/policy/judge-extension.ts";
import { termsOf } from "../../../shared/domain/policy/objections.ts";
import {
  type AccessPolicy,
  type Member,
  memberOf,
  type Rule,
} from "../../../shared/domain/policy/policy.ts";
import { peopleInGroups, ruleNamed } from "../../../shared/domain/policy/policy-index.ts";
import { voiceOf, withVoice } from "../../../shared/domain/policy/voices.ts";
import { offeredTerms } from "../../../shared/domain/requests/counter-offer.ts";
import { digestOf } from "../../../shared/domain/requests/digest.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { aRequest, PROD, settings, T0 } from "../../fakes/builders.ts";

/** A request that waits, in its policy. */
export interface Waiting {
  readonly policy: AccessPolicy;
  readonly rule: Rule;
  readonly request: AccessRequest;
  readonly requester: Member;
  readonly approver: Member;
  /** Neither of the two. */
  readonly delegate: Member;
}

/** An hour after the request, in its rule's hours. */
const DECIDED_AT = "2026-11-24T11:00:00.000Z";

/** @param name of the requester @param ruleName of the rule that decides @param namespace that is asked for */
export function waitingIn(
  policy: AccessPolicy,
  name: string,
  ruleName: string,
  namespace: string,
): Waiting {
  const [requester, rule] = [memberOf(policy, name), ruleNamed(policy, ruleName)];
  const groups = rule?.approval.flatMap((need) => need.groups) ?? [];
  const approver = memberOf(policy, peopleInGroups(policy, groups)[0] ?? "");
  const delegate = memberOf(policy, "person-0");
  if (!requester || !rule || !approver || !delegate)
    throw new Error("The policy lacks the people to be measured.");
  const request = aRequest({
    requester: name,
    rule: rule.name,
    cluster: PROD,
    access: {
      policy: "AmazonEKSEditPolicy",
      scope: { type: "namespace", namespaces: [namespace] },
    },
    principalArn: requester.principals[0] ?? "",
    reason: "INC-4711 stuck rollout",
    requirements: rule.approval,
  });
  return { policy, rule, request, requester, approver, delegate };
}

/** Judges an approval that a delegate gives for the approver. */
export function approveForAnother(waiting: Waiting): void {
  const { request, approver, delegate } = waiting;
  const held: Delegation = {
    id: "01912d68-783e-7a03-8467-5661c1243ad4",
    by: approver.name,
    to: delegate.name,
    from: T0,
    until: "2026-11-25T10:00:00.000Z",
    createdAt: T0,
    ended: null,
  };
  approve(waiting, request, delegate, [held]);
}

/** Judges an approval for half of the time. */
export function approveForLess(waiting: Waiting): void {
  const { request, approver } = waiting;
  const half = { durationSeconds: request.durationSeconds / 2 };
  const terms = { ...request, ...offeredTerms(request, half, settings(), DECIDED_AT) };
  approve(waiting, { ...terms, digest: digestOf(terms) }, approver, []);
}

/** The judgement in `decideRequest`, without its loads and saves. */
function approve(
  { policy, rule, requester }: Waiting,
  request: AccessRequest,
  member: Member,
  held: readonly Delegation[],
): void {
  const approver = { member, held, surface: "api", proof: {} } as const;
  const it = caseOf({ policy, settings: settings() }, approver, request, DECIDED_AT);
  const { voices, requirements } = it;
  const onBehalfOf = deciderOf(it, undefined);
  const by = { person: member.name, ...(onBehalfOf ? { onBehalfOf } : {}) };
  const voice = voiceOf(policy, rule, request, by);
  const isMet = isQuorum(requirements, voice ? withVoice(voices, voice) : voices);
  const found = findRule(policy, requester, termsOf(request, DECIDED_AT), rule.name);
  if (!isMet || !("rule" in found))
    throw new Error("The approval that is measured does not count.");
}

/** Judges an extension of the request's grant. */
export function extend({ policy, request, requester }: Waiting): void {
  const judged = judgeExtension(
    policy,
    settings(),
    requester,
    {
      grant: request,
      expiresAt: DECIDED_AT,
      chain: { since: T0, extensions: 0 },
      now: "2026-11-24T10:50:00.000Z",
      known: undefined,
    },
    { durationSeconds: 3_600, reason: null },
  );
  if (!judged.allowed) throw new Error("The extension that is measured is not allowed.");
}

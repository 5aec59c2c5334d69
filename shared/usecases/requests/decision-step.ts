/** The step that a decision makes of a request. Pure. */
import { deadlineOf } from "../../domain/policy/admission.ts";
import { isQuorum } from "../../domain/policy/approval.ts";
import { deciderOf } from "../../domain/policy/decider.ts";
import type { Case } from "../../domain/policy/decision-case.ts";
import { factOf } from "../../domain/policy/known-on-call.ts";
import { checkNotMachine } from "../../domain/policy/machines.ts";
import { termsOf } from "../../domain/policy/objections.ts";
import { reviewOpenedBy } from "../../domain/policy/review-rights.ts";
import { shiftEndOf } from "../../domain/policy/shift-end.ts";
import { ticketLeanOf } from "../../domain/policy/ticket-of-request.ts";
import { voiceOf, withVoice } from "../../domain/policy/voices.ts";
import { offeredTerms } from "../../domain/requests/counter-offer.ts";
import { deciderText } from "../../domain/requests/decider-text.ts";
import type { Approve, Decision } from "../../domain/requests/decision.ts";
import { digestOf } from "../../domain/requests/digest.ts";
import { type Lessening, lessening } from "../../domain/requests/lesser-terms.ts";
import { type Step, transition } from "../../domain/requests/lifecycle.ts";
import type { Approval } from "../../domain/requests/request.ts";
import { usefulUntil } from "../../domain/requests/useful-until.ts";
import {
  checkDigest,
  checkMayDecide,
  checkNotEscalated,
  checkNotOwn,
  checkPlace,
  checkSameAgain,
  checkShift,
  checkStillAllowed,
  checkSurface,
} from "./decision-checks.ts";

/**
 * Decides on a case. The order of the checks is the order in which people are told of faults.
 *
 * @returns undefined where the approver has approved the same before
 * @throws BrokerError `machine-asks-only`, what `deciderOf`, `offeredTerms` and the checks throw, `illegal-transition`
 */
export function decide(it: Case, decision: Decision): Step | undefined {
  checkNotMachine(it.approver.member);
  checkNotOwn(it);
  if (it.earlier && decision.verdict === "approve") return checkSameAgain(it, it.earlier, decision);
  checkNotEscalated(it, decision.digest);
  const approval = approvalBy(it, decision);
  checkSurface(it);
  checkDigest(it, decision.digest);
  if (decision.verdict === "deny") return denied(it, approval);
  const offer = offerOf(it, approval, decision);
  checkStillAllowed(it, offer.judged);
  checkShift(it, offer);
  return approved(it, { ...approval, digest: offer.digest }, offer);
}

/** The approver and the delegator, once they may decide. */
function approvalBy(it: Case, { verdict, note, onBehalfOf: named }: Decision): Approval {
  const { member, surface, proof } = it.approver;
  const onBehalfOf = deciderOf(it, named);
  checkMayDecide(it, onBehalfOf);
  if (verdict === "approve" && it.request.state === "pending") checkPlace(it, onBehalfOf);
  return {
    person: member.name,
    ...(onBehalfOf ? { onBehalfOf } : {}),
    surface,
    at: it.at,
    ...(note === undefined ? {} : { note }),
    proof,
  };
}

/** The terms that an approval is for, and whether it is the last one that they need. */
interface Offer {
  /** How the approver makes the terms less, if they do. */
  readonly less: Lessening | undefined;
  readonly digest: string;
  readonly judged: ReturnType<typeof termsOf>;
  readonly isQuorumMet: boolean;
}

function offerOf(it: Case, approval: Approval, { less: wanted }: Approve): Offer {
  const { policy, settings, rule, request, requirements, voices, at } = it;
  // A request that is decided keeps its terms.
  const isPending = request.state === "pending";
  const less =
    wanted && isPending
      ? lessening(request, offeredTerms(request, wanted, settings, at))
      : undefined;
  const terms = { ...request, ...less };
  const voice = voiceOf(policy, rule, request, approval);
  const isQuorumMet = isQuorum(requirements, voice ? withVoice(voices, voice) : voices);
  // Only the last approval fixes the start, so an earlier one may come at any hour. One that comes
  // after a decision or a lapse fixes nothing, and `transition` refuses it.
  const judged = termsOf(terms, isQuorumMet && isPending ? at : null, it);
  return { less, digest: digestOf(terms), judged, isQuorumMet };
}

function denied({ policy, request }: Case, approval: Approval): Step {
  const { person, at, note } = approval;
  const by = deciderText(approval);
  return transition(request, {
    actor: person,
    at,
    policyHash: policy.hash,
    type: "deny",
    details: { ...approval, digest: request.digest },
    changes: {
      policyHash: policy.hash,
      outcome: {
        code: "denied",
        detail: note === undefined ? `Denied by ${by}.` : `Denied by ${by}: ${note}`,
      },
    },
  });
}

/** Every approval has its digest, except those that an earlier release stored. */
interface Digest {
  readonly digest: string;
}

/** Adds an approval. Once the quorum is met, the request is approved and its times are fixed. */
function approved(
  it: Case,
  given: Approval & Digest,
  { less, isQuorumMet }: Pick<Offer, "less" | "isQuorumMet">,
): Step {
  const { policy, settings, rule, request } = it;
  const fact = rule && factOf(rule, it.onCall);
  const ticket = rule && ticketLeanOf(policy, rule, request, it.ticketIs);
  const approval = { ...given, ...(fact ? { onCall: fact } : {}), ...(ticket ? { ticket } : {}) };
  const { person: actor, at } = approval;
  const occurrence = { actor, at, policyHash: policy.hash, type: "approve" } as const;
  const details = { ...approval, ...(less ? { less } : {}) };
  // An approval without a digest was stored before terms could become less.
  const before = request.approvals.map((each) => ({ digest: request.digest, ...each }));
  const changes = {
    approvals: [...before, approval],
    policyHash: policy.hash,
    ...(less ? { lapsesAt: lapseOfLess(it, less) } : {}),
  };
  if (!isQuorumMet) return transition(request, { ...occurrence, to: "pending", details, changes });
  const times = deadlineOf(
    { ...request, ...less, approvedAt: at },
    settings,
    rule && shiftEndOf(rule, fact),
  );
  const opened = rule && reviewOpenedBy(rule, request, at);
  return transition(request, {
    ...occurrence,
    details: { ...details, ...times, ...opened?.details },
    changes: { ...changes, ...times, ...opened?.changes },
  });
}

/** A shorter grant with a start is worth beginning for a shorter time, so its request lapses sooner. */
function lapseOfLess({ request, settings }: Case, { durationSeconds }: Lessening): string {
  const { startsAt, lapsesAt } = request;
  const useful = usefulUntil(startsAt, durationSeconds, settings);
  return useful !== null && useful < lapsesAt ? useful : lapsesAt;
}

import type { Delegation } from "../../domain/delegations/delegation.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { deadlineOf } from "../../domain/policy/admission.ts";
import { countedApprovals, isQuorum } from "../../domain/policy/approval.ts";
import { deciderOf, type ToDecide } from "../../domain/policy/decider.ts";
import { type Chain, objectionsToChain } from "../../domain/policy/extension.ts";
import { termsOf } from "../../domain/policy/objections.ts";
import { type AccessPolicy, type Member, memberOf, type Rule } from "../../domain/policy/policy.ts";
import { reviewOpenedBy } from "../../domain/policy/review-rights.ts";
import { ruleOfRequest } from "../../domain/policy/rule-of-request.ts";
import { voiceOf, voicesOf, withVoice } from "../../domain/policy/voices.ts";
import { behalfIn } from "../../domain/requests/audit-event.ts";
import { offeredTerms } from "../../domain/requests/counter-offer.ts";
import { deciderText } from "../../domain/requests/decider-text.ts";
import type { Approve, Decision } from "../../domain/requests/decision.ts";
import { digestOf } from "../../domain/requests/digest.ts";
import { type Lessening, lessening } from "../../domain/requests/lesser-terms.ts";
import { type Step, transition } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest, Approval } from "../../domain/requests/request.ts";
import { usefulUntil } from "../../domain/requests/useful-until.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { heldDelegations } from "../delegations/held-delegations.ts";
import { orWhyNoLonger } from "../delegations/or-why-no-longer.ts";
import { checkMayAct } from "../stops/may-act.ts";
import { type Change, changeRequest } from "./change-request.ts";
import {
  checkDigest,
  checkMayDecide,
  checkNotEscalated,
  checkPlace,
  checkStillAllowed,
  checkSurface,
  noLongerAllowed,
} from "./decision-checks.ts";
import { extended } from "./extend-grant.ts";
import { chainUpTo } from "./grant-chain.ts";
import { wakeConverge } from "./wake-converge.ts";

/**
 * Records an approver's decision. Rights and policy are checked at this moment. Repeating an
 * approval changes nothing. Whoever may decide for somebody decides with that person's standing.
 *
 * @throws BrokerError what `deciderOf` throws, `delegation-ended`, `request-not-found`,
 *   `self-approval`, `forbidden`, `decided-elsewhere`, `digest-mismatch`, `policy-denied`,
 *   `outside-hours`, `illegal-transition`, `too-many-grants`, `too-much-on-one-entry`, `suspended`, `drained`,
 *   `requester-suspended`, `delegator-suspended`; approved for less also `already-approved`, and what
 *   `offeredTerms` throws
 */
export async function decideRequest(
  ports: FrontPorts,
  actor: Actor,
  id: string,
  decision: Decision,
): Promise<AccessRequest> {
  const held = await heldDelegations(ports, actor.member);
  const { request: decided, isStored } = await orWhyNoLonger(ports, actor, id, () =>
    changeRequest(ports, actor, id, async (request, at) => {
      const step = decide(ports, { ...actor, held }, request, decision, at);
      if (step) await checkMayDecideNow(ports, actor.member, step);
      return step && withPredecessor(ports, step);
    }),
  );
  if (isStored && decided.state === "approved") await wakeConverge(ports, decided, "approved");
  return decided;
}

/** @throws BrokerError `suspended`, `drained`, `requester-suspended`, `delegator-suspended` */
async function checkMayDecideNow(
  ports: FrontPorts,
  member: Member,
  { request, event }: Step,
): Promise<void> {
  await checkMayAct(ports, member, {
    requester: request.requester,
    delegator: behalfIn(event)?.person,
  });
}

/** Where the step approves an extension, the grant that it extends takes a step with it. */
async function withPredecessor({ requests, policy }: FrontPorts, step: Step): Promise<Change> {
  const { request, event } = step;
  if (request.extends === undefined || event.type !== "approve") return { step };
  const grant = await requests.load(request.extends);
  checkChain(policy, request, await chainUpTo(requests, grant));
  if (request.state !== "approved") return { step };
  return { step, beside: [extended(grant, request, event.actor, event.at, policy.hash)] };
}

/** Whether today's rule still lets the grant be extended for as long. */
function checkChain(policy: AccessPolicy, request: AccessRequest, chain: Chain): void {
  const rule = ruleOfRequest(policy, request);
  const longer = { ...chain, extensions: chain.extensions + 1 };
  const objections = rule ? objectionsToChain(rule, longer, request.until ?? "") : [];
  if (objections.length > 0) throw noLongerAllowed(objections.map(({ detail }) => detail));
}

/** Who decides, and the delegations to them. */
type Deciding = Actor & { readonly held: readonly Delegation[] };

function decide(
  ports: FrontPorts,
  actor: Deciding,
  request: AccessRequest,
  decision: Decision,
  at: string,
): Step | undefined {
  const { policy } = ports;
  const { member, surface } = actor;
  if (request.requester === member.name)
    throw new BrokerError(
      "self-approval",
      "You cannot decide on your own request. Nothing was changed; ask someone else to decide.",
    );
  const rule = ruleOfRequest(policy, request);
  const earlier = countedApprovals(rule, request).find(({ person }) => person === member.name);
  if (earlier && decision.verdict === "approve")
    return checkSameAgain(ports, request, earlier, decision);
  checkNotEscalated(request, decision.digest);
  const requirements = rule?.approval ?? request.requirements;
  const voices = voicesOf(policy, rule, request, () => true);
  const what = { policy, rule, request, requirements, voices, at };
  const by = decidedBy(actor, what, decision);
  checkSurface(rule, request, surface);
  checkDigest(request, decision.digest);
  if (decision.verdict === "deny")
    return denied(policy, request, { ...by, digest: request.digest });
  const less = lesseningBy(ports, request, decision, at);
  const terms = { ...request, ...less };
  const voice = voiceOf(policy, rule, request, by);
  const isQuorumMet = isQuorum(requirements, voice ? withVoice(voices, voice) : voices);
  // Only the last approval fixes the start, so an earlier one may come at any hour. One that comes
  // after a decision or a lapse fixes nothing, and is refused for that below.
  const fixesStart = isQuorumMet && request.state === "pending";
  const judged = termsOf(terms, fixesStart ? at : null);
  checkStillAllowed(rule, judged, memberOf(policy, request.requester), policy);
  return approved(ports, rule, request, { ...by, digest: digestOf(terms) }, less, isQuorumMet);
}

/** Who decides, and for whom, once they may. */
function decidedBy(
  { member, surface, proof, held }: Deciding,
  what: ToDecide,
  { verdict, note, onBehalfOf: named }: Decision,
): Approval {
  const { policy, request, requirements, voices, at } = what;
  const onBehalfOf = deciderOf(what, member, held, named);
  checkMayDecide(policy, member, request, requirements, onBehalfOf);
  if (verdict === "approve" && request.state === "pending") checkPlace(voices, member, onBehalfOf);
  return {
    person: member.name,
    ...(onBehalfOf ? { onBehalfOf } : {}),
    surface,
    at,
    ...(note === undefined ? {} : { note }),
    proof,
  };
}

/** @throws BrokerError `already-approved` where the approver wants other terms than they approved */
function checkSameAgain(
  { settings }: Pick<FrontPorts, "settings">,
  request: AccessRequest,
  earlier: Approval,
  { less, digest }: Approve,
): undefined {
  if (!less) return;
  // What they were shown then. Nothing but their own answer was lost if that led to what they gave.
  const shown = request.earlierTerms?.find((terms) => terms.digest === digest);
  const terms = shown && offeredTerms({ ...request, ...shown }, less, settings, earlier.at);
  if (terms && digestOf({ ...request, ...terms }) === earlier.digest) return;
  throw new BrokerError(
    "already-approved",
    "You have approved this already, and each approver counts once. Nothing was changed; deny it if it should be less, or leave it.",
  );
}

/** How an approver makes the terms less. A request that is decided keeps its terms. */
function lesseningBy(
  { settings }: Pick<FrontPorts, "settings">,
  request: AccessRequest,
  { less }: Approve,
  at: string,
): Lessening | undefined {
  if (!less || request.state !== "pending") return undefined;
  return lessening(request, offeredTerms(request, less, settings, at));
}

function denied(policy: AccessPolicy, request: AccessRequest, details: Approval & Digest): Step {
  const { person, at, note } = details;
  return transition(request, {
    actor: person,
    at,
    policyHash: policy.hash,
    type: "deny",
    details,
    changes: {
      policyHash: policy.hash,
      outcome: {
        code: "denied",
        detail: `Denied by ${deciderText(details)}${note === undefined ? "." : `: ${note}`}`,
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
  { policy, settings }: Pick<FrontPorts, "policy" | "settings">,
  rule: Rule | undefined,
  request: AccessRequest,
  approval: Approval & Digest,
  less: Lessening | undefined,
  isQuorumMet: boolean,
): Step {
  const { person: actor, at } = approval;
  const occurrence = { actor, at, policyHash: policy.hash, type: "approve" } as const;
  const details = { ...approval, ...(less ? { less } : {}) };
  // An approval without a digest was stored before terms could become less.
  const before = request.approvals.map((each) => ({ digest: request.digest, ...each }));
  const changes = {
    approvals: [...before, approval],
    policyHash: policy.hash,
    ...(less ? { lapsesAt: lapseOfLess(request, less, settings) } : {}),
  };
  if (!isQuorumMet) return transition(request, { ...occurrence, to: "pending", details, changes });
  const times = deadlineOf({ ...request, ...less, approvedAt: at }, settings);
  const opened = rule && reviewOpenedBy(rule, request, at);
  return transition(request, {
    ...occurrence,
    details: { ...details, ...times, ...opened?.details },
    changes: { ...changes, ...times, ...opened?.changes },
  });
}

/** Of a shorter grant with a start, too little would remain sooner. */
function lapseOfLess(
  { startsAt, lapsesAt }: AccessRequest,
  { durationSeconds }: Lessening,
  settings: FrontPorts["settings"],
): string {
  const useful = usefulUntil(startsAt, durationSeconds, settings);
  return useful !== null && useful < lapsesAt ? useful : lapsesAt;
}

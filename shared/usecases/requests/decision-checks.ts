/** The refusals of a decision. Each check asks a case, and throws its own. */

import { mayApprove } from "../../domain/policy/approval.ts";
import type { Case } from "../../domain/policy/decision-case.ts";
import { type Chain, objectionsToChain } from "../../domain/policy/extension.ts";
import { factOf } from "../../domain/policy/known-on-call.ts";
import { ownsWhoAsks } from "../../domain/policy/machines.ts";
import { type Objection, objectionsTo, type Terms } from "../../domain/policy/objections.ts";
import { holdsPrincipal } from "../../domain/policy/request-rights.ts";
import { shiftEndOf, shiftEndText, shortShiftText } from "../../domain/policy/shift-end.ts";
import { describeTerms } from "../../domain/requests/access-text.ts";
import { approvedLess } from "../../domain/requests/approved-less.ts";
import { offeredTerms } from "../../domain/requests/counter-offer.ts";
import { deciderText } from "../../domain/requests/decider-text.ts";
import type { Approve } from "../../domain/requests/decision.ts";
import { digestOf } from "../../domain/requests/digest.ts";
import type { Approval, OnBehalfOf } from "../../domain/requests/request.ts";
import { approverGroups } from "../../domain/requests/requirement.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { isAboutCall, isAboutTicket, notOnCall, ticketRefused } from "./fact-refusals.ts";

/** @throws BrokerError `self-approval` */
export function checkNotOwn({ request, approver: { member } }: Case): void {
  if (request.requester === member.name)
    throw new BrokerError(
      "self-approval",
      "You cannot decide on your own request. Nothing was changed; ask someone else to decide.",
    );
}

/**
 * @throws BrokerError `already-approved` where the approver wants other terms than they approved, or
 *   decides for somebody else than then
 */
export function checkSameAgain(
  { request, settings }: Case,
  earlier: Approval,
  { less, digest, onBehalfOf: named }: Approve,
): undefined {
  if (named !== undefined && named !== (earlier.onBehalfOf?.person ?? earlier.person))
    throw new BrokerError(
      "already-approved",
      `You have approved this already, as ${deciderText(earlier)}, and each approver counts once. Nothing was changed; leave it to other approvers, or deny it.`,
    );
  if (!less) return;
  // The terms that they were shown then. If their offer for those gives what they approved, only its answer was lost.
  const shown = request.earlierTerms?.find((terms) => terms.digest === digest);
  const terms = shown && offeredTerms({ ...request, ...shown }, less, settings, earlier.at);
  if (terms && digestOf({ ...request, ...terms }) === earlier.digest) return;
  throw new BrokerError(
    "already-approved",
    "You have approved this already, and each approver counts once. Nothing was changed; deny it if it should be less, or leave it.",
  );
}

/**
 * @param onBehalfOf the delegator; absent for whoever decides for themself
 * @throws BrokerError `forbidden`
 */
export function checkMayDecide(
  { policy, request, requirements, approver: { member } }: Case,
  onBehalfOf: OnBehalfOf | undefined,
): void {
  const groups = [...new Set(requirements.flatMap(approverGroups))];
  if (groups.length === 0)
    throw new BrokerError(
      "forbidden",
      "Nobody may decide on this: its rule asks for no approval, or the policy changed since it was asked. Nothing was changed; have the requester ask again, or revoke what was granted.",
    );
  if (!onBehalfOf && !mayApprove(requirements, member))
    throw new BrokerError(
      "forbidden",
      `Only ${groups.join(", ")} may decide on this. Nothing was changed; ask one of their members.`,
    );
  if (ownsWhoAsks(policy, member, request.requester))
    throw new BrokerError(
      "forbidden",
      `You own the machine ${request.requester}, so you would agree with yourself. Nothing was changed; ask someone else to decide.`,
    );
  if (holdsPrincipal(policy, member, request))
    throw new BrokerError(
      "forbidden",
      `You hold ${request.principalArn} yourself, so the access would be yours too. Nothing was changed; ask someone else to decide.`,
    );
}

/** @throws BrokerError `digest-mismatch` where it became break-glass since the approver was shown it */
export function checkNotEscalated({ request }: Case, shown: string): void {
  const { requester, rule, escalatedFrom, earlierTerms = [] } = request;
  if (!escalatedFrom) return;
  if (![escalatedFrom, ...earlierTerms].some(({ digest }) => digest === shown)) return;
  throw new BrokerError(
    "digest-mismatch",
    `${requester} has made a break-glass of this since you were shown it, under ${rule}, so nobody decides on it. Nothing was changed; end the access if it should not be there.`,
  );
}

/**
 * Each person counts once, whether they decide or somebody decides for them.
 * @throws BrokerError `already-approved`
 */
export function checkPlace(
  { voices, approver: { member } }: Case,
  onBehalfOf: OnBehalfOf | undefined,
): void {
  const places = [member.name, ...(onBehalfOf ? [onBehalfOf.person] : [])];
  const taken = voices.find(({ names }) => names.some((name) => places.includes(name)));
  if (!taken) return;
  throw new BrokerError(
    "already-approved",
    `${taken.names.join(" and ")} have one place together, and it is taken: ${taken.name} has approved. Nothing was changed; leave it to other approvers, or deny it.`,
  );
}

/** @throws BrokerError `digest-mismatch`; where somebody approved for less meanwhile, it says so */
export function checkDigest({ request }: Case, shown: string): void {
  if (shown === request.digest) return;
  const changed = approvedLess(request).find(({ before }) => before.digest === shown);
  if (!changed)
    throw new BrokerError(
      "digest-mismatch",
      "The digest does not match the request, so it is not what you were shown. Nothing was changed; read it again, then decide.",
    );
  throw new BrokerError(
    "digest-mismatch",
    `${changed.by} has approved this for less since you were shown it: ${describeTerms(request)}, in place of ${describeTerms(changed.before)}. Nothing was changed; read it again, then decide.`,
  );
}

/**
 * Whether today's policy still lends the terms.
 *
 * @throws BrokerError `policy-denied`, `outside-hours`, `not-on-call`, `on-call-unknown`, `ticket-refused`,
 *   `ticket-unknown`
 */
export function checkStillAllowed({ policy, rule, requester }: Case, terms: Terms): void {
  const objections = rule && requester ? objectionsTo(policy, rule, requester, terms) : [];
  const isOpen = rule?.approval.some((need) => approverGroups(need).length === 0) === true;
  if (rule && requester && objections.length === 0 && !isOpen) return;
  const isEarlyOrLate = objections.length > 0 && objections.every(isAboutHours);
  if (isEarlyOrLate && !isOpen) throw outsideHours(objections);
  if (objections.length > 0 && objections.every(isAboutCall) && !isOpen)
    throw notOnCall(objections);
  if (objections.length > 0 && objections.every(isAboutTicket) && !isOpen)
    throw ticketRefused(objections);
  throw noLongerAllowed([
    ...objections.map(({ detail }) => detail),
    ...(isOpen ? ["It now needs approvers who could not approve it when it was asked."] : []),
  ]);
}

/**
 * Whether today's rule still lets a grant be extended for as long.
 *
 * @param chain up to the grant
 * @throws BrokerError `policy-denied`
 */
export function checkChain({ rule, request }: Pick<Case, "rule" | "request">, chain: Chain): void {
  const longer = { ...chain, extensions: chain.extensions + 1 };
  const objections = rule ? objectionsToChain(rule, longer, request.until ?? "") : [];
  if (objections.length > 0) throw noLongerAllowed(objections.map(({ detail }) => detail));
}

/** @param reasons the objections of today's policy */
const noLongerAllowed = (reasons: readonly string[]): BrokerError =>
  new BrokerError(
    "policy-denied",
    `The policy changed and no longer allows this request. ${reasons.join(" ")} Nothing was changed; deny it, or have the requester ask again.`,
  );

const isAboutHours = ({ code }: Objection) => code === "outside-hours";

/**
 * Whether the shift that a grant ends with lasts long enough.
 *
 * @throws BrokerError `not-on-call`
 */
export function checkShift(
  {
    rule,
    request,
    settings,
    at,
    onCall,
  }: Pick<Case, "rule" | "request" | "settings" | "at" | "onCall">,
  { isQuorumMet }: { readonly isQuorumMet: boolean },
): void {
  if (!rule || !isQuorumMet || request.state !== "pending") return;
  const fact = factOf(rule, onCall);
  const end = shiftEndOf(rule, fact);
  const start = request.startsAt !== null && request.startsAt > at ? request.startsAt : at;
  const isPast = end !== undefined && request.until !== undefined && request.until > end;
  const detail = isPast
    ? `${rule.name} lends until the end of a shift, and this one ends at ${shiftEndText(end)}, before the extension.`
    : shortShiftText(rule, fact, start, settings);
  if (detail !== undefined)
    throw new BrokerError(
      "not-on-call",
      `${detail} Nothing was changed; deny it, or have the requester ask again in their next shift.`,
    );
}

/** The policy still allows it, at another time: so the request stays, until it lapses. */
const outsideHours = (objections: readonly Objection[]): BrokerError =>
  new BrokerError(
    "outside-hours",
    `${objections.map(({ detail }) => detail).join(" ")} Nothing was changed; approve it within the hours, or have the requester ask again.`,
  );

/**
 * A Slack session may be weaker than one of IAM with MFA, so a rule says where its approvers decide.
 *
 * @throws BrokerError `decided-elsewhere`
 */
export function checkSurface({ rule, request: { id }, approver: { surface } }: Case): void {
  if (!rule || rule.decideIn.includes(surface)) return;
  if (surface === "slack")
    throw new BrokerError(
      "decided-elsewhere",
      `Nobody may decide on a request of ${rule.name} in Slack. Nothing was changed; decide at a terminal: timelatch approve ${id}, or timelatch deny ${id}.`,
    );
  throw new BrokerError(
    "decided-elsewhere",
    `Nobody may decide on a request of ${rule.name} by command or over the API. Nothing was changed; decide in Slack.`,
  );
}

import type { Actor } from "../../domain/policy/actor.ts";
import { extensionOpen } from "../../domain/policy/extension-open.ts";
import { type ExtensionAsk, judgeExtension } from "../../domain/policy/judge-extension.ts";
import { askedFirstUnder } from "../../domain/policy/known-on-call.ts";
import type { RefusedAsk } from "../../domain/policy/refused-ask.ts";
import { underExtension } from "../../domain/policy/rule-of-request.ts";
import { isExtendable } from "../../domain/requests/grant-time.ts";
import { momentAfter, type Step, transition } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { shortenedMember } from "../../domain/requests/shortened.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { earliest, plusSeconds } from "../../domain/values/instant.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { readForAsker } from "../facts/read-schedules.ts";
import { checkMayAct } from "../stops/may-act.ts";
import { checkAskedHere } from "./asked-elsewhere.ts";
import { visibleRequest } from "./change-request.ts";
import { chainUpTo } from "./grant-chain.ts";
import { knownOf } from "./judge-request.ts";
import { firstSteps, type NewRequest, storeNew } from "./new-request.ts";
import { blockedByReview } from "./overdue-reviews.ts";

/**
 * Stores an extension of an active grant: a second request, which continues the grant's access and
 * has its own decision and digest. The policy approves it at once where the rule says so, and no
 * approver cut the time of the grant. It lapses when the grant is over, at the latest.
 *
 * @throws BrokerError `request-not-found`, `forbidden`, `not-active-yet`, `too-late-to-extend`,
 *   `grant-over`, `extension-open`, `policy-denied`, `duration-too-long`, `cluster-not-ready`, `review-overdue`,
 *   `idempotency-mismatch`, `rate-limited`, `too-many-pending`, `too-many-automatic`, `version-conflict`,
 *   `decided-elsewhere`
 * @throws NonceUsed if the actor's signed message acted before
 */
export const extendGrant = (
  ports: FrontPorts,
  actor: Actor,
  id: string,
  ask: ExtensionAsk,
  idempotencyKey: string | undefined,
): Promise<AccessRequest> =>
  storeNew(ports, actor, { operation: "extendGrant", body: { id, ...ask }, idempotencyKey }, () =>
    newExtension(ports, actor, id, ask),
  );

async function newExtension(
  ports: FrontPorts,
  actor: Actor,
  id: string,
  ask: ExtensionAsk,
): Promise<NewRequest> {
  const { requests, policy, settings, clock } = ports;
  const grant = await visibleRequest(ports, actor, id);
  const at = momentAfter(grant, clock.now());
  const { expiresAt, revokeAt } = await extendable(ports, actor, grant, at);
  const known = await knownOf(ports, { cluster: grant.cluster.name });
  const chain = await chainUpTo(requests, grant);
  const { readings, onCall } = await readForAsker(ports, actor.member, at);
  const about = { grant, expiresAt, chain, now: at, known, onCall };
  const judgement = judgeExtension(policy, settings, actor.member, about, ask);
  if (!judgement.allowed) throw refusalOf(judgement);
  checkAskedHere(
    underExtension(judgement.rule, shortenedMember(grant)),
    actor,
    `timelatch extend ${id}`,
  );
  await checkMayAct(ports, actor.member);
  const blocked = await blockedByReview(ports, actor.member, judgement, at);
  if (blocked) throw refusalOf(blocked);
  const { rule, durationSeconds, reason, until, onCall: fact, ticket } = judgement;
  const { cluster, principalArn, access } = grant;
  const same = { cluster, principalArn, access, ...shortenedMember(grant) };
  const own = { durationSeconds, reason, startsAt: null, extends: id, until };
  const terms = { ...same, ...own, ...(ticket === undefined ? {} : { ticket }) };
  const lapsesAt = earliest([plusSeconds(at, rule.lapseSeconds), revokeAt]) ?? revokeAt;
  const leans = {
    ...(fact ? { onCall: fact } : {}),
    ...askedFirstUnder(policy, rule, { readings, member: actor.member, principalArn, now: at }),
  };
  const steps = firstSteps(ports, actor, rule, terms, { at, lapsesAt, ...leans });
  const made = { steps, rule: underExtension(rule, terms) };
  const extension = steps.at(-1)?.request;
  return extension?.state === "approved"
    ? { ...made, beside: [extended(grant, extension, `policy:${rule.name}`, at, policy.hash)] }
    : { ...made, unchanged: { id, version: grant.version } };
}

const refusalOf = ({ code, detail, facts }: RefusedAsk): BrokerError =>
  new BrokerError(code, detail, facts);

/** The times of a grant that the actor may extend now. */
async function extendable(
  { requests }: FrontPorts,
  { member }: Actor,
  grant: AccessRequest,
  at: string,
): Promise<{ readonly expiresAt: string; readonly revokeAt: string }> {
  const { requester, expiresAt, revokeAt } = grant;
  if (requester !== member.name)
    throw new BrokerError(
      "forbidden",
      "Only the requester may extend this. Nothing was stored; ask them to.",
    );
  const open = grant.extendedBy ?? (await requests.pendingExtension(grant.id));
  if (open !== undefined) throw extensionOpen(open);
  if (!isExtendable(grant, at) || expiresAt === null || revokeAt === null)
    throw notExtendable(grant);
  return { expiresAt, revokeAt };
}

/** Each way to be too early or too late has a code of its own. */
function notExtendable({ state, revokeAt }: AccessRequest): BrokerError {
  if (state === "active")
    return new BrokerError(
      "too-late-to-extend",
      "The access is about to be removed, since its time is over. Nothing was stored; ask for access again.",
      { state, revokeAt },
    );
  if (state === "pending" || state === "approved")
    return new BrokerError(
      "not-active-yet",
      `The request is ${state}, and only active access can be extended. Nothing was stored; wait until it is active.`,
      { state },
    );
  return new BrokerError(
    "grant-over",
    `The request is ${state}, so there is no access to extend. Nothing was stored; ask for access again.`,
    { state },
  );
}

/** The step of a grant whose extension was approved. @param actor who approved it */
export const extended = (
  grant: AccessRequest,
  { id, until }: AccessRequest,
  actor: string,
  at: string,
  policyHash: string,
): Step =>
  transition(grant, {
    type: "extend",
    actor,
    at,
    policyHash,
    details: { extension: id, until: until ?? "" },
    changes: { extendedBy: id, ...(until === undefined ? {} : { extendedUntil: until }) },
  });

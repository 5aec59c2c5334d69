import type { Actor } from "../../domain/policy/actor.ts";
import { deadlineOf } from "../../domain/policy/admission.ts";
import { automaticLimitOf } from "../../domain/policy/automatic-limit.ts";
import { capacityFor } from "../../domain/policy/capacity.ts";
import type { Rule } from "../../domain/policy/policy.ts";
import { reviewOpenedBy } from "../../domain/policy/review-rights.ts";
import type { Ask } from "../../domain/requests/ask.ts";
import { digestOf } from "../../domain/requests/digest.ts";
import { filingOf } from "../../domain/requests/filing.ts";
import { begin, type Step, transition } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { usefulUntil } from "../../domain/requests/useful-until.ts";
import type { Settings } from "../../domain/settings.ts";
import { hashOf } from "../../domain/values/canonical-json.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { type IdempotencyKey, IdempotencyTaken } from "../../ports/request-store.ts";
import { countCall } from "./count-call.ts";
import { judgeRequest } from "./judge-request.ts";
import { wakeConverge } from "./wake-converge.ts";

/**
 * Stores a request for access. If the rule needs no approver, the policy approves it at once. A
 * repeated ask with the same idempotency key returns the first request as it was answered then.
 *
 * @throws BrokerError `policy-denied`, `duration-too-long`, `invalid-request`, `duplicate-request`,
 *   `idempotency-mismatch`, `cluster-not-ready`, `review-overdue`, `rate-limited`, `too-many-grants`,
 *   `too-many-pending`, `too-many-automatic`
 * @throws NonceUsed if the actor's signed message acted before
 */
export async function createRequest(
  ports: FrontPorts,
  actor: Actor,
  ask: Ask,
  idempotencyKey: string | undefined,
): Promise<AccessRequest> {
  const key = idempotencyKey === undefined ? undefined : keyOf(actor, ask, idempotencyKey);
  const earlier = key && (await answered(ports, key));
  if (earlier) return earlier;
  await countCall(ports, actor, "createRequest");
  const { steps, rule } = await firstSteps(ports, actor, ask);
  const stored = steps[steps.length - 1]?.request;
  if (!stored)
    throw new BrokerError(
      "invariant-broken",
      "A request was created without a step. Nothing was stored; report this as a bug.",
    );
  const capacity = capacityFor(stored, ports.settings);
  try {
    await ports.requests.create(steps, {
      idempotency: key,
      capacity,
      mostPending: ports.settings.pendingRequestsPerPerson,
      automatic: automaticLimitOf(rule, stored.requester, stored.createdAt),
      nonce: actor.nonce,
    });
  } catch (error) {
    if (!(error instanceof IdempotencyTaken) || !key) throw error;
    const winner = await answered(ports, key);
    if (!winner) throw error;
    return winner;
  }
  if (stored.state === "approved") await wakeConverge(ports, stored, "approved");
  return stored;
}

const keyOf = (actor: Actor, ask: Ask, key: string): IdempotencyKey => ({
  keyHash: hashOf([actor.member.name, "createRequest", key]),
  bodyHash: hashOf(ask),
});

async function answered(
  { requests }: FrontPorts,
  { keyHash, bodyHash }: IdempotencyKey,
): Promise<AccessRequest | undefined> {
  const record = await requests.idempotent(keyHash);
  if (record && record.bodyHash !== bodyHash)
    throw new BrokerError(
      "idempotency-mismatch",
      "This Idempotency-Key was used for another request. Nothing was stored; send a new key.",
    );
  return record?.answer;
}

async function firstSteps(
  ports: FrontPorts,
  { member, proof }: Actor,
  ask: Ask,
): Promise<{ readonly steps: readonly Step[]; readonly rule: Rule }> {
  const { policy, settings, clock, ids } = ports;
  const at = clock.now();
  const judgement = await judgeRequest(ports, member, ask, at);
  if (!judgement.allowed) throw new BrokerError(judgement.code, judgement.detail, judgement.facts);
  const { rule, cluster, principalArn, durationSeconds } = judgement;
  const plain = {
    schema: 1,
    id: ids.newId(),
    requester: member.name,
    cluster,
    principalArn,
    access: ask.access,
    durationSeconds,
    reason: ask.reason,
    rule: rule.name,
    startsAt: ask.startsAt,
  } as const;
  const first = begin(
    {
      ...plain,
      breakGlass: rule.breakGlass,
      requirements: rule.approval,
      filed: filingOf({ ...plain, requirements: rule.approval }),
      createdAt: at,
      lapsesAt: lapseOf(at, ask.startsAt, durationSeconds, rule, settings),
      digest: digestOf(plain),
      approvals: [],
      approvedAt: null,
      effectiveAt: null,
      revokeAt: null,
      expiresAt: null,
      endedAt: null,
      outcome: null,
    },
    {
      type: "request",
      actor: member.name,
      at,
      policyHash: policy.hash,
      details: { ...plain, proof },
    },
  );
  const approved = rule.approval.length > 0 ? [] : [byPolicy(first.request, rule, ports, at)];
  return { steps: [first, ...approved], rule };
}

/** If no person has to approve, the policy approves, and the audit trail says so. */
function byPolicy(request: AccessRequest, rule: Rule, ports: FrontPorts, at: string): Step {
  const times = deadlineOf({ ...request, approvedAt: at }, ports.settings);
  const opened = reviewOpenedBy(rule, request, at);
  return transition(request, {
    type: "approve",
    actor: `policy:${rule.name}`,
    at,
    policyHash: ports.policy.hash,
    details: { ...times, ...opened.details },
    changes: { ...times, ...opened.changes },
  });
}

/**
 * When a request lapses: after `lapseSeconds` of its rule, or earlier if too little of its time would remain.
 */
function lapseOf(
  now: string,
  startsAt: string | null,
  durationSeconds: number,
  { lapseSeconds }: Rule,
  settings: Settings,
): string {
  const unanswered = plusSeconds(now, lapseSeconds);
  const useful = usefulUntil(startsAt, durationSeconds, settings);
  return useful !== null && useful < unanswered ? useful : unanswered;
}

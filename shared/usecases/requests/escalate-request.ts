import { obstacleOf } from "../../domain/clusters/cluster-facts.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { glassRuleFor } from "../../domain/policy/glass-rule.ts";
import { factOf } from "../../domain/policy/known-on-call.ts";
import { checkNotMachine } from "../../domain/policy/machines.ts";
import { skippedApprovers } from "../../domain/policy/skipped-approvers.ts";
import { escalatedTerms, termsAfterEscalation } from "../../domain/requests/escalated-terms.ts";
import { transition } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { clusterOf } from "../../domain/values/arn.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { readForGlass } from "../facts/read-schedules.ts";
import { checkMayAct } from "../stops/may-act.ts";
import { checkAskedHere } from "./asked-elsewhere.ts";
import { type Change, changeRequest } from "./change-request.ts";
import { knownOf } from "./judge-request.ts";
import { byPolicy } from "./new-request.ts";
import { blockedByGlass } from "./open-glass.ts";
import { blockedByReview } from "./overdue-reviews.ts";
import { wakeConverge } from "./wake-converge.ts";

/**
 * Makes a break-glass of a pending request, in place: the policy approves it at once, it keeps its
 * id and its history, and its review opens. Only its requester may do this.
 *
 * @param rule the break-glass rule; null for the first of the file that lends the access
 * @throws BrokerError `request-not-found`, `machine-asks-only`, `not-requester`, `extension-stays`, `already-break-glass`,
 *   `not-pending`, `cluster-not-ready`, `review-overdue`, `break-glass-open`, `too-many-grants`,
 *   `version-conflict`, `decided-elsewhere`, and what `glassRuleFor` throws
 * @throws NonceUsed if the actor's signed message acted before
 */
export async function escalateRequest(
  ports: FrontPorts,
  actor: Actor,
  id: string,
  rule: string | null,
): Promise<AccessRequest> {
  const { request } = await changeRequest(ports, actor, id, (found, at) =>
    escalated(ports, actor, found, rule, at),
  );
  await wakeConverge(ports, request, "approved");
  return request;
}

async function escalated(
  ports: FrontPorts,
  actor: Actor,
  request: AccessRequest,
  named: string | null,
  at: string,
): Promise<Change> {
  const { policy } = ports;
  const { member, surface, proof } = actor;
  checkEscalatable(actor, request);
  const onCall = await readForGlass(ports, member, at);
  const rule = glassRuleFor(policy, member, request, named, at, onCall);
  checkAskedHere(rule, actor, `timelatch escalate ${request.id}`);
  await checkMayAct(ports, member);
  await checkCluster(ports, request);
  const blocked =
    (await blockedByReview(ports, member, { rule }, at)) ??
    (await blockedByGlass(ports, member, { rule, cluster: request.cluster }, at));
  if (blocked) throw new BrokerError(blocked.code, blocked.detail, blocked.facts);
  const terms = escalatedTerms(request, rule.name, rule.duration.maxSeconds);
  const skipped = skippedBy(ports, request, terms, at);
  const step = transition(request, {
    type: "escalate",
    actor: member.name,
    at,
    policyHash: policy.hash,
    details: { ...terms, skipped, surface, proof },
    changes: { policyHash: policy.hash },
  });
  return {
    step,
    followedBy: byPolicy(ports, step.request, rule, {
      at,
      onCall: factOf(rule, onCall),
      ticket: undefined,
    }),
  };
}

/** The people who were asked, and are not waited for. */
function skippedBy(
  { policy }: FrontPorts,
  request: AccessRequest,
  terms: ReturnType<typeof escalatedTerms>,
  at: string,
): readonly string[] {
  const next = { ...request, ...termsAfterEscalation(request, terms), approvedAt: at };
  return skippedApprovers(policy, next);
}

/**
 * Whether an actor may make a break-glass of a request, whatever a rule lends.
 *
 * @throws BrokerError `machine-asks-only`, `not-requester`, `already-break-glass`, `not-pending`, `extension-stays`
 */
export function checkEscalatable({ member }: Pick<Actor, "member">, request: AccessRequest): void {
  checkNotMachine(member);
  const { requester, state, breakGlass } = request;
  if (requester !== member.name)
    throw new BrokerError(
      "not-requester",
      "Only its requester may make a break-glass of a request. Nothing was changed; ask them to.",
    );
  if (breakGlass)
    throw new BrokerError(
      "already-break-glass",
      `The request is break-glass already, under ${request.rule}, and it is ${state}. Nothing was changed; look at its history.`,
      { state, rule: request.rule },
    );
  if (state !== "pending")
    throw new BrokerError(
      "not-pending",
      `The request is ${state}, and only one that waits for its approval can become break-glass. Nothing was changed; ask for access again if you need it.`,
      { state },
    );
  if (request.extends !== undefined)
    throw new BrokerError(
      "extension-stays",
      "An extension cannot become break-glass. Nothing was changed; ask for a break-glass of its own.",
    );
}

async function checkCluster(ports: FrontPorts, { cluster }: AccessRequest): Promise<void> {
  const known = await knownOf(ports, { cluster: cluster.name });
  const obstacle = known && obstacleOf(clusterOf(cluster.arn).name, known);
  if (obstacle)
    throw new BrokerError("cluster-not-ready", obstacle.detail, { reason: obstacle.code });
}

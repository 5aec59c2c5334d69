import type { Actor } from "../../domain/policy/actor.ts";
import { type Case, caseOf } from "../../domain/policy/decision-case.ts";
import { behalfIn } from "../../domain/requests/audit-event.ts";
import type { Decision } from "../../domain/requests/decision.ts";
import type { Step } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { heldDelegations } from "../delegations/held-delegations.ts";
import { orWhyNoLonger } from "../delegations/or-why-no-longer.ts";
import { lookAtTicketOf, readForRequest } from "../facts/read-tickets.ts";
import { checkMayAct } from "../stops/may-act.ts";
import { type Change, changeRequest } from "./change-request.ts";
import { checkChain } from "./decision-checks.ts";
import { decide } from "./decision-step.ts";
import { extended } from "./extend-grant.ts";
import { chainUpTo } from "./grant-chain.ts";
import { blockedByGlass } from "./open-glass.ts";
import { wakeConverge } from "./wake-converge.ts";

/**
 * Records an approver's decision. Rights and policy are checked at this moment. Repeating an
 * approval changes nothing. A delegate decides with the delegator's standing.
 *
 * @throws BrokerError `machine-asks-only`, what `deciderOf` throws, `delegation-ended`, `request-not-found`,
 *   `self-approval`, `forbidden`, `decided-elsewhere`, `digest-mismatch`, `policy-denied`,
 *   `outside-hours`, `not-on-call`, `on-call-unknown`, `illegal-transition`, `too-many-grants`, `too-much-on-one-entry`, `suspended`, `drained`,
 *   `requester-suspended`, `delegator-suspended`, `break-glass-open`, `already-approved`; approved for less
 *   also what `offeredTerms` throws
 */
export async function decideRequest(
  ports: FrontPorts,
  actor: Actor,
  id: string,
  decision: Decision,
): Promise<AccessRequest> {
  const approver = { ...actor, held: await heldDelegations(ports, actor.member) };
  const { request: decided, isStored } = await orWhyNoLonger(ports, actor, id, () =>
    changeRequest(ports, actor, id, async (request, at) => {
      const it = caseOf(ports, approver, request, at);
      const known = await readForRequest(ports, it.rule, it.requester, request, at);
      const step = await orLookAgain(ports, request, () => decide({ ...it, ...known }, decision));
      return step && (await changeBy(ports, it, step));
    }),
  );
  if (isStored && decided.state === "approved") await wakeConverge(ports, decided, "approved");
  return decided;
}

/** A ticket that is unknown is looked at again, so that the next try may find it known. */
async function orLookAgain<Made>(
  ports: FrontPorts,
  request: AccessRequest,
  make: () => Made,
): Promise<Made> {
  try {
    return make();
  } catch (error) {
    if (error instanceof BrokerError && error.code === "ticket-unknown")
      await lookAtTicketOf(ports, request);
    throw error;
  }
}

/**
 * The change that stores a decision. If it approves an extension, the extended grant takes a step with it.
 *
 * @throws BrokerError `suspended`, `drained`, `requester-suspended`, `delegator-suspended`, `policy-denied`
 */
async function changeBy(ports: FrontPorts, it: Case, step: Step): Promise<Change> {
  const { requests, policy } = ports;
  const { request, event } = step;
  const delegator = behalfIn(event)?.person;
  await checkMayAct(ports, it.approver.member, { requester: request.requester, delegator });
  if (event.type !== "approve") return { step };
  await checkNoGlassOpen(ports, it, request);
  if (request.extends === undefined) return { step };
  const grant = await requests.load(request.extends);
  checkChain(it, await chainUpTo(requests, grant));
  if (request.state !== "approved") return { step };
  return { step, beside: [extended(grant, request, event.actor, event.at, policy.hash)] };
}

/** A break-glass that people approve is open from its last approval on. @throws BrokerError `break-glass-open` */
async function checkNoGlassOpen(
  ports: FrontPorts,
  { requester, rule, at }: Case,
  { extends: predecessor, state, cluster }: AccessRequest,
): Promise<void> {
  if (predecessor !== undefined || state !== "approved" || !requester || !rule) return;
  const blocked = await blockedByGlass(ports, requester, { rule, cluster }, at);
  if (blocked) throw new BrokerError(blocked.code, blocked.detail, blocked.facts);
}

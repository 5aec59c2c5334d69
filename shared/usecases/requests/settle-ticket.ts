import { capacityFor } from "../../domain/policy/capacity.ts";
import { factOf } from "../../domain/policy/known-on-call.ts";
import { type KnownOutside, objectionsTo, termsOf } from "../../domain/policy/objections.ts";
import { type Member, memberOf, type Rule } from "../../domain/policy/policy.ts";
import { ruleOfRequest } from "../../domain/policy/rule-of-request.ts";
import { ticketLeanOf } from "../../domain/policy/ticket-of-request.ts";
import { isExtendable } from "../../domain/requests/grant-time.ts";
import { momentAfter, type Step, transition } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { readForRequest } from "../facts/read-tickets.ts";
import { stopOf } from "../stops/may-act.ts";
import { type Change, lapseIfDue } from "./change-request.ts";
import { checkChain, checkShift } from "./decision-checks.ts";
import { extended } from "./extend-grant.ts";
import { chainUpTo } from "./grant-chain.ts";
import { byPolicy } from "./new-request.ts";
import { wakeConverge } from "./wake-converge.ts";

/**
 * Settles a pending request by what its tracker says: the policy refuses it where its ticket is not what
 * its rule asks, and approves it where no person has to. Unknown settles nothing. Nor does a request change
 * that somebody else changes meanwhile: the next sweep settles it.
 *
 * @returns whether a step was stored
 */
export async function settleTicket(ports: FrontPorts, request: AccessRequest): Promise<boolean> {
  const at = momentAfter(request, ports.clock.now());
  const { policy, requests, settings } = ports;
  const rule = ruleOfRequest(policy, request);
  const member = memberOf(policy, request.requester);
  if (request.state !== "pending" || !rule?.ticket || !member) return false;
  if (lapseIfDue(ports, request, at)) return false;
  const known = await readForRequest(ports, rule, member, request, at);
  const refused = refusedBy(ports, rule, request, known, at);
  let step: Step;
  try {
    const change = refused
      ? { step: refused }
      : await approvedBy(ports, rule, member, request, known, at);
    if (!change) return false;
    ({ step } = change);
    const { beside } = change;
    const capacity = capacityFor(step.request, settings);
    await requests.save(step, { capacity, ...(beside ? { beside } : {}) });
  } catch (error) {
    if (error instanceof BrokerError && PASSES.has(error.code)) return false;
    throw error;
  }
  if (step.request.state === "approved") await wakeConverge(ports, step.request, "approved");
  return true;
}

/** Somebody was first, there is no room now, or the rule lets the grant be extended for less by now. */
const PASSES: ReadonlySet<string> = new Set([
  ...["version-conflict", "too-many-grants", "too-much-on-one-entry"],
  ...["policy-denied", "not-on-call"],
]);

function refusedBy(
  { policy }: FrontPorts,
  { name }: Rule,
  request: AccessRequest,
  { ticketIs }: KnownOutside,
  at: string,
): Step | undefined {
  if (typeof ticketIs !== "object" || ticketIs.is !== "not") return undefined;
  const { code, why, readAt } = ticketIs;
  return transition(request, {
    type: "deny",
    actor: `policy:${name}`,
    at,
    policyHash: policy.hash,
    details: { code, readAt },
    changes: {
      policyHash: policy.hash,
      outcome: { code, detail: `${name} lends nothing: ${why}. Nothing was granted; ask again.` },
    },
  });
}

/**
 * Undefined where people decide, and as long as the policy would not approve it.
 *
 * @throws BrokerError `policy-denied` or `not-on-call` where the rule no longer lets a grant be extended for as long
 */
async function approvedBy(
  ports: FrontPorts,
  rule: Rule,
  member: Member,
  request: AccessRequest,
  known: KnownOutside,
  at: string,
): Promise<Change | undefined> {
  const { policy, requests, settings } = ports;
  if (rule.approval.length > 0) return undefined;
  const objections = objectionsTo(policy, rule, member, termsOf(request, at, known));
  if (objections.length > 0 || (await stopOf(ports, member))) return undefined;
  checkShift({ rule, request, settings, at, onCall: known.onCall }, { isQuorumMet: true });
  const onCall = factOf(rule, known.onCall);
  const ticket = ticketLeanOf(policy, rule, request, known.ticketIs);
  const step = byPolicy(ports, request, rule, { at, onCall, ticket });
  if (request.extends === undefined) return { step };
  const grant = await requests.load(request.extends);
  if (!isExtendable(grant, at)) return undefined;
  checkChain({ rule, request }, await chainUpTo(requests, grant));
  return { step, beside: [extended(grant, step.request, `policy:${rule.name}`, at, policy.hash)] };
}

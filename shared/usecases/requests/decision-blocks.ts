import { type AccessBlock, accessBlocks } from "../../domain/entries/access-blocks.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { type AccessPolicy, hasRole } from "../../domain/policy/policy.ts";
import { ruleOfRequest } from "../../domain/policy/rule-of-request.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

/**
 * The blocks that would keep its access from the requester if a pending request was approved now, for another
 * reader. Requesters read their own stop from `whoami`, and often wait by reading their request.
 */
export async function decisionBlocks(
  { stops, policy, clock }: Pick<FrontPorts, "stops" | "policy" | "clock">,
  { member }: Actor,
  request: AccessRequest,
): Promise<readonly AccessBlock[]> {
  if (request.state !== "pending" || request.requester === member.name) return [];
  const now = clock.now();
  const sight = {
    person: request.requester,
    principals: [request.principalArn],
    reader: member.name,
    seesReasons: hasRole(policy, member, "admins") || hasRole(policy, member, "auditors"),
    rules: rulesOfStart(policy, request, now),
  };
  return accessBlocks(policy, await stops.latest(), sight, now);
}

/** A start that is still ahead was judged when it was asked for. */
function rulesOfStart(policy: AccessPolicy, request: AccessRequest, now: string) {
  const rule = ruleOfRequest(policy, request);
  return rule && (request.startsAt === null || request.startsAt <= now) ? [rule] : [];
}

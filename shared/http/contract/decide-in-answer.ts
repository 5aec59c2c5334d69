import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { ruleNamed } from "../../domain/policy/policy-index.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { Surface } from "../../domain/requests/surface.ts";

/** The places where today's rule lets people decide on a pending request. No other request has the member. */
export function decideInMember(
  policy: AccessPolicy,
  { rule, state }: AccessRequest,
): { readonly decideIn?: readonly Surface[] } {
  const decideIn = state === "pending" ? ruleNamed(policy, rule)?.decideIn : undefined;
  return decideIn ? { decideIn } : {};
}

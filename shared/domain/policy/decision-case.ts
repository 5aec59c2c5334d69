import type { Delegation } from "../delegations/delegation.ts";
import type { AccessRequest, Approval, Requirement } from "../requests/request.ts";
import type { Settings } from "../settings.ts";
import type { Actor } from "./actor.ts";
import { countedApprovals } from "./approval.ts";
import type { KnownOutside } from "./objections.ts";
import { type AccessPolicy, type Member, memberOf, type Rule } from "./policy.ts";
import { ruleOfRequest } from "./rule-of-request.ts";
import { type Voice, voicesOf } from "./voices.ts";

/** The person who decides, and the delegations to them that nobody has ended. */
export interface Approver extends Actor {
  readonly held: readonly Delegation[];
}

/** The policy and the settings under which somebody decides. */
interface Under {
  readonly policy: AccessPolicy;
  readonly settings: Settings;
}

/**
 * A request, as one person decides on it at one instant. The policy's rule, people and requirements are
 * resolved once, and each check asks the case for them.
 */
export interface Case extends Under, KnownOutside {
  readonly approver: Approver;
  readonly request: AccessRequest;
  /** When it is decided. ISO 8601 UTC. */
  readonly at: string;
  /** The rule of today as it holds for the request; undefined where the policy has it no more. */
  readonly rule: Rule | undefined;
  /** Undefined where the policy does not name them any more. */
  readonly requester: Member | undefined;
  /** Those of today, as far as they were fixed at the request. */
  readonly requirements: readonly Requirement[];
  /** The voices of the approvals that the request has. */
  readonly voices: readonly Voice[];
  /** The approval that the approver has given before, if it counts. */
  readonly earlier: Approval | undefined;
}

/** Resolves a case. Pure, and refuses nothing. */
export function caseOf(
  { policy, settings }: Under,
  approver: Approver,
  request: AccessRequest,
  at: string,
): Case {
  const rule = ruleOfRequest(policy, request);
  return {
    policy,
    settings,
    approver,
    request,
    at,
    rule,
    requester: memberOf(policy, request.requester),
    requirements: rule?.approval ?? request.requirements,
    voices: voicesOf(policy, rule, request, () => true),
    earlier: countedApprovals(rule, request).find(({ person }) => person === approver.member.name),
  };
}

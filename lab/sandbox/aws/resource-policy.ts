/** Decisions in which a resource's own policy takes part: a key's or a bucket's. */
import { createValidatedPolicy, validateResourcePolicy } from "@cloud-copilot/iam-policy";
import { seenBy } from "./assume-role-decision.ts";
import type { IamState, PolicyDocument } from "./iam/state.ts";
import { policySet } from "./policy-set.ts";
import {
  type Context,
  callerContext,
  type Decision,
  NO_POLICIES,
  simulate,
} from "./policy-simulation.ts";
import type { Caller, PermissionCheck } from "./service.ts";

export interface ResourceDecision {
  readonly caller: Caller;
  readonly now: Date;
  readonly check: PermissionCheck;
  /** The resource's policy, if it has one. */
  readonly policy?: PolicyDocument;
}

/** The joint decision of the caller's IAM policies and the resource's policy. */
export function decideWithPolicy(
  iam: IamState,
  { caller, now, check, policy }: ResourceDecision,
): Promise<Decision> {
  const role = iam.roles[caller.principalArn];
  const context: Context = { ...callerContext(caller, now, false) };
  for (const [key, value] of Object.entries(check.context ?? {}))
    context[key] = typeof value === "string" ? value : [...value];
  return simulate(
    caller,
    check,
    context,
    role ? policySet(role) : NO_POLICIES,
    policy && createValidatedPolicy(seenBy(caller, policy), validateResourcePolicy),
  );
}

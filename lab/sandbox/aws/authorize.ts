/** Asks IAM whether a caller may do something, and refuses in AWS's words. */
import type { IamState } from "./iam/state.ts";
import { policySet } from "./policy-set.ts";
import { type Context, callerContext, type Decision, simulate } from "./policy-simulation.ts";
import { AwsError, type Caller, type PermissionCheck, type Protocol } from "./service.ts";

/** The context of `demand` beside the checks. */
export interface Demand {
  readonly caller: Caller;
  readonly kind: Protocol["kind"];
  /** When the call is made, for `aws:CurrentTime`. */
  readonly now: Date;
}

const DECISIONS_KEPT = 2000;

/**
 * Passes if the caller's policies allow every check that is not to be skipped.
 * @throws AwsError `AccessDeniedException`, in STS and IAM `AccessDenied`, for the first refused.
 */
export async function demand(
  state: IamState,
  checks: readonly PermissionCheck[],
  { caller, kind, now }: Demand,
): Promise<void> {
  for (const check of checks) {
    if (check.skip === true) continue;
    const decision = await decide(state, caller, check, now);
    if (decision !== "Allowed") throw accessDenied(caller, check, decision, kind);
  }
}

/** The decision of the caller's own policies on one action and one resource. */
export async function decide(
  state: IamState,
  caller: Caller,
  check: PermissionCheck,
  now: Date,
): Promise<Decision> {
  const role = state.roles[caller.principalArn];
  if (!role) return "ImplicitlyDenied";
  const set = policySet(role);
  const context = { ...callerContext(caller, now, set.lasting), ...copied(check.context) };
  const key = JSON.stringify([check.action, check.resource, context]);
  const known = set.decisions.get(key);
  if (known !== undefined) return known;
  const decision = await simulate(caller, check, context, set, undefined);
  if (set.lasting) {
    if (set.decisions.size >= DECISIONS_KEPT) set.decisions.clear();
    set.decisions.set(key, decision);
  }
  return decision;
}

/**
 * AWS's refusal. AWS JSON services answer 400 where the others answer 403.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function accessDenied(
  caller: Caller,
  check: PermissionCheck,
  decision: Decision,
  kind: Protocol["kind"],
): AwsError {
  const why =
    decision === "ExplicitlyDenied"
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the ${check.action} action`;
  return new AwsError(
    kind === "query" || kind === "s3" ? "AccessDenied" : "AccessDeniedException",
    kind === "json" ? 400 : 403,
    `User: ${caller.arn} is not authorized to perform: ${check.action} on resource: ${check.resource} ${why}`,
  );
}

function copied(context: PermissionCheck["context"]): Context {
  return Object.fromEntries(
    Object.entries(context ?? {}).map(([key, value]) => [
      key,
      typeof value === "string" ? value : [...value],
    ]),
  );
}

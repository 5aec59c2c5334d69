import type { AccessPolicy } from "../../domain/policy/policy.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { stopOfGrant } from "../../domain/stops/stopped-grant.ts";
import type { Stopped } from "../../domain/stops/stops.ts";
import { STEPS_AT_ONCE } from "../../ports/request-store.ts";
import type { GrantChange } from "./binding-grants.ts";
import type { PartOf } from "./pass.ts";

/**
 * Ends the grants of stopped people, as a revocation does: the removal follows in this pass. One transaction at
 * most comes before it. If the requests table does not take that, the steps come after the removal. So does each
 * step after the first transaction: records that others planted must not use up the run before its removal.
 */
export async function endStopped(
  pass: PartOf<"grants" | "ending" | "now" | "run" | "binding", "policy">,
): Promise<void> {
  const { ports, grants, ending, now, binding, run } = pass;
  const steps = ending ? stepsOf(ports.policy, ending, grants.open, now) : [];
  try {
    await grants.stepTogether(steps.slice(0, STEPS_AT_ONCE));
    grants.postpone(steps.slice(STEPS_AT_ONCE), now);
  } catch (error) {
    run.log("end not stored before the removal", { binding, error: String(error) });
    grants.postpone(steps, now);
  }
}

function stepsOf(
  policy: AccessPolicy,
  stopped: Stopped,
  open: readonly AccessRequest[],
  now: string,
): readonly GrantChange[] {
  return open.flatMap((grant) => {
    const { id, state } = grant;
    const stop =
      state === "approved" || state === "active" ? stopOfGrant(policy, stopped, grant) : undefined;
    if (!stop) return [];
    const outcome = { code: stop.code, detail: `${stop.detail} The grant was ended.` };
    return [[id, { type: "withdraw" as const, at: now, details: {}, changes: { outcome } }]];
  });
}

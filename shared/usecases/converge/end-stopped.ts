import { stopOfGrant } from "../../domain/stops/stopped-grant.ts";
import type { GrantChange } from "./binding-grants.ts";
import type { Pass } from "./pass.ts";

/**
 * Ends the grants of whoever is stopped, as a revocation does: the removal follows in this pass. It
 * follows too where the requests table takes no step now, and the step comes after it.
 */
export async function endStopped(pass: Pass): Promise<void> {
  const { grants, now, binding, run } = pass;
  const steps = stepsOf(pass);
  try {
    await grants.stepAll(steps);
  } catch (error) {
    run.log("end not stored before the removal", { binding, error: String(error) });
    grants.postpone(steps, now);
  }
}

function stepsOf({ stopped, grants, ports, now }: Pass): readonly GrantChange[] {
  if (!stopped) return [];
  return grants.open.flatMap((grant) => {
    const { id, state } = grant;
    const stop =
      state === "approved" || state === "active"
        ? stopOfGrant(ports.policy, stopped, grant)
        : undefined;
    if (!stop) return [];
    const outcome = { code: stop.code, detail: `${stop.detail} The grant was ended.` };
    return [[id, { type: "withdraw" as const, at: now, details: {}, changes: { outcome } }]];
  });
}

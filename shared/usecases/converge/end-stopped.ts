import { stopOfGrant } from "../../domain/stops/stopped-grant.ts";
import type { Pass } from "./pass.ts";

/** Ends the grants of whoever is stopped, as a revocation does: the removal follows in this pass. */
export async function endStopped({ stopped, grants, ports, now }: Pass): Promise<void> {
  if (!stopped) return;
  await grants.stepAll(
    grants.open.flatMap((grant) => {
      const { id, state } = grant;
      const stop =
        state === "approved" || state === "active"
          ? stopOfGrant(ports.policy, stopped, grant)
          : undefined;
      if (!stop) return [];
      const outcome = { code: stop.code, detail: `${stop.detail} The grant was ended.` };
      return [[id, { type: "withdraw" as const, at: now, details: {}, changes: { outcome } }]];
    }),
  );
}

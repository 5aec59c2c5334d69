import { SPOKE_ACCOUNT } from "../../sandbox/world/account.ts";
import { type Disturbance, RECOVERY_SECONDS, RERUN_SECONDS } from "../stage/disturbance.ts";
import type { ActionOf } from "./action.ts";

/** How often the SDK tries a call. */
const ATTEMPTS = 3;

const REMOVER = "timelatch-converge";

/**
 * How much longer than its margin a removal may take after a fault, in seconds. The margin covers all that are not
 * here: they hold up one call, or none that removes.
 */
export function holdsUp({
  service,
  kind,
  count = Number.POSITIVE_INFINITY,
  role = REMOVER,
  account,
}: ActionOf<"aws-fault">["rule"]): number | undefined {
  if (service === "eks" && (kind === "drop" || kind === "late" || account)) return RERUN_SECONDS;
  // More than the attempts of one call: a run fails, and perhaps the next one.
  const isTables = service === "dynamodb" && kind !== "delay";
  if (isTables && role === REMOVER && Number(count) > ATTEMPTS) return RECOVERY_SECONDS;
  return undefined;
}

/** The cluster of the second account. */
const SPOKE_CLUSTER = "overseas";

/**
 * The part in which a fault holds up removals, if not everywhere. The fuses of the second account
 * are its own.
 */
export function heldUpAt({
  service,
  account,
  resource,
}: ActionOf<"aws-fault">["rule"]): Pick<Disturbance, "cluster" | "leavesFuse"> {
  if (account === SPOKE_ACCOUNT) return { cluster: SPOKE_CLUSTER, leavesFuse: true };
  return service === "eks" && resource ? { cluster: String(resource) } : {};
}

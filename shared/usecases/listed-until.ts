import { earliest, latest, plusSeconds } from "../domain/values/instant.ts";
import type { FrontPorts } from "../ports/function-ports.ts";

/**
 * Up to when a list of the audit table is complete. The latest records may not be in its index yet,
 * and the caller's clock may be fast. So it is at least a minute ago. A later `from` gives an empty
 * interval, because nothing is known about that time yet.
 */
export function listedUntil(
  { clock, settings }: Pick<FrontPorts, "clock" | "settings">,
  from: string,
  to: string,
): string {
  const listed = plusSeconds(clock.now(), -settings.auditLagSeconds);
  return latest([from, earliest([to, listed]) ?? from]) ?? from;
}

import type { Settings } from "../settings.ts";
import { plusSeconds } from "../values/instant.ts";

/**
 * When a request with a start must be decided at the latest: later, too little of its time would
 * remain. Null for one that starts on approval, which loses no time by waiting.
 */
export function usefulUntil(
  startsAt: string | null,
  durationSeconds: number,
  {
    marginSeconds,
    tooLateSeconds,
    granularitySeconds,
  }: Pick<Settings, "marginSeconds" | "tooLateSeconds" | "granularitySeconds">,
): string | null {
  if (startsAt === null) return null;
  const useful = durationSeconds - marginSeconds - tooLateSeconds - granularitySeconds;
  return plusSeconds(startsAt, Math.max(0, useful));
}

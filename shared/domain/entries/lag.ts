/** How far a read may be behind the actual state. */

import type { Settings } from "../settings.ts";
import { plusSeconds } from "../values/instant.ts";

export type Lag = Pick<
  Settings,
  "readLagSeconds" | "clockDifferenceSeconds" | "landsWithinSeconds"
>;

/** From this time on, a read must show what was true at `instant`. */
export const visibleFrom = (instant: string, lag: Lag): string =>
  plusSeconds(instant, lag.readLagSeconds + lag.clockDifferenceSeconds);

/** When a call signed before `signedBy` has taken effect, if it ever does. */
export const landedBy = (signedBy: string, lag: Lag): string =>
  plusSeconds(signedBy, lag.landsWithinSeconds + lag.clockDifferenceSeconds);

/** The later of two instants. */
export const later = (a: string, b: string): string => (a > b ? a : b);

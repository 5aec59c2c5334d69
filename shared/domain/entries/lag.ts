/** How far what we read may be behind what is. */

import type { Settings } from "../settings.ts";
import { plusSeconds } from "../values/instant.ts";

export type Lag = Pick<
  Settings,
  "readLagSeconds" | "clockDifferenceSeconds" | "landsWithinSeconds"
>;

/** The first instant at which a read must show what was so at `instant`. */
export const visibleFrom = (instant: string, lag: Lag): string =>
  plusSeconds(instant, lag.readLagSeconds + lag.clockDifferenceSeconds);

/** When a call that is signed before `signedBy` has taken effect, or never will. */
export const landedBy = (signedBy: string, lag: Lag): string =>
  plusSeconds(signedBy, lag.landsWithinSeconds + lag.clockDifferenceSeconds);

/** The later of two instants. */
export const later = (a: string, b: string): string => (a > b ? a : b);

import type { ElementSet } from "../values/element-set.ts";

/**
 * What was known of a grant's access on its own access entry when its end was stored. It says nothing about
 * other entries of the person, nor about other access policies.
 */
export interface EndProof {
  /** Whether any of it may have been there because of this grant. Where not, nothing was lent. */
  readonly hadBegun: boolean;
  /** When the read began that proves it, ISO 8601 UTC; null where no read was needed. */
  readonly readAt: string | null;
  /**
   * What of the access something else gives, so that it stays or is about to come: elements of the grant's
   * target.
   */
  readonly stayed: ElementSet;
  /** What explains it: ids of grants, the last to end first, five at most, and `standing access`. */
  readonly stayedBy: readonly string[];
}

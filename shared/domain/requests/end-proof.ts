import type { ElementSet } from "../values/element-set.ts";

/**
 * Facts about a grant's access on its own access entry when its end was stored. It says nothing
 * about other entries of the person, nor about other access policies.
 */
export interface EndProof {
  /** Whether any of it may have been there because of this grant. Where not, nothing was lent. */
  readonly hadBegun: boolean;
  /** When the read began that proves it, ISO 8601 UTC; null where no read was needed. */
  readonly readAt: string | null;
  /** Elements of the grant's target that something else gives, now or soon. */
  readonly stayed: ElementSet;
  /** Their sources: ids of grants, the last to end first, five at most, and `standing access`. */
  readonly stayedBy: readonly string[];
}

declare const ITS_OWN: unique symbol;

/**
 * That a read which began at `readAt` showed nothing of a grant's access on its entry, and that nothing else
 * gives the same. Only `nothingRemains` makes one: a sentence that takes it cannot be said without the read.
 */
export interface NothingRemains {
  readonly readAt: string;
  readonly [ITS_OWN]: true;
}

/** Undefined where no read proves it, or where something else gives the same. */
export const nothingRemains = (proof: EndProof | undefined): NothingRemains | undefined =>
  proof?.hadBegun && proof.readAt !== null && proof.stayed.length === 0
    ? ({ readAt: proof.readAt } as NothingRemains)
    : undefined;

import type { Ask } from "../requests/ask.ts";
import type { AccessRequest } from "../requests/request.ts";

/**
 * The stored instants by which terms are judged, and never a clock. So every function that judges
 * them has the same answer, and a repair has it later.
 */
export interface Moments {
  /** When it was asked for; null to judge what a rule lends at any time. */
  readonly askedAt: string | null;
  /** The start that was asked for; null for a start at its approval. */
  readonly startsAt: string | null;
  /** When the last approval was given; null before that. */
  readonly decidedAt: string | null;
}

/**
 * The moments of a request. One that became break-glass was asked for under its rule at that
 * instant, which is also that of its approval.
 * @param decidedAt when the last approval was given, or would be
 */
export const momentsOf = (
  { createdAt, startsAt, escalatedFrom }: MomentsOf,
  decidedAt: string | null,
): Moments => ({
  askedAt: escalatedFrom ? (decidedAt ?? createdAt) : createdAt,
  startsAt,
  decidedAt,
});

type MomentsOf = Pick<AccessRequest, "createdAt" | "startsAt" | "escalatedFrom">;

/** The moments of an ask. @param now when it is asked */
export const momentsOfAsk = ({ startsAt }: Pick<Ask, "startsAt">, now: string): Moments => ({
  askedAt: now,
  startsAt,
  decidedAt: null,
});

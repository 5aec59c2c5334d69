/**
 * What a step of a pass leaves to be done, from the least to the most.
 *
 * - `settled`: nothing, before some later time.
 * - `retry`: something failed, or is not visible yet. It is tried again after growing pauses.
 * - `yield`: there was no room: AWS was asked too much at once, or time ran out. The binding goes to
 *   the end of the queue by itself.
 * - `rerun`: a fresh pass right now gets further.
 */
export type Need = (typeof NEEDS)[number];

const NEEDS = ["settled", "retry", "yield", "rerun"] as const;

/** The greatest of several needs. */
export const greatest = (...needs: readonly Need[]): Need =>
  NEEDS[Math.max(0, ...needs.map((need) => NEEDS.indexOf(need)))] ?? "settled";

/**
 * The work that is left after a step of a pass, from least to most.
 *
 * - `settled`: nothing until a later time.
 * - `retry`: something failed or is not visible yet. Retry after growing pauses.
 * - `yield`: no capacity: AWS throttled us, or time ran out. The binding goes to the end of the queue at once.
 * - `rerun`: run again now; a fresh pass would make progress.
 */
export type Need = (typeof NEEDS)[number];

const NEEDS = ["settled", "retry", "yield", "rerun"] as const;

/** The greatest of several needs. */
export const greatest = (...needs: readonly Need[]): Need =>
  NEEDS[Math.max(0, ...needs.map((need) => NEEDS.indexOf(need)))] ?? "settled";

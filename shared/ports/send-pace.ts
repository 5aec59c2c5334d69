/**
 * Keeps calls to a rate-limited service apart, across all workers. Not a promise: a worker that
 * crashed may leave a slot unused, and clocks differ. The service's own refusal decides.
 */
export interface SendPace {
  /**
   * Takes the next free slot of a lane. @param lane what is limited, such as a method and a channel
   * @param gapMs how far apart its calls have to be, in milliseconds
   * @param latest the slot is taken only where it is not later than this (ISO 8601 UTC)
   * @returns when to call; null where the next free slot is too late, and none was taken
   */
  nextSlot(lane: string, gapMs: number, latest: string): Promise<string | null>;
}

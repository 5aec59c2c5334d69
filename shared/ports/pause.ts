/** Time that passes: a port, so that tests and the simulation need not wait. */
export interface Pause {
  /** Resolves so many milliseconds later. */
  for(millis: number): Promise<void>;
}

/** Time that passes: a port, so that tests and the simulation need not wait. */
export interface Pause {
  /** Resolves after this many milliseconds. */
  for(millis: number): Promise<void>;
}

/** The present time: a port, so that tests and the simulation can choose it. */
export interface Clock {
  /** The present instant, ISO 8601 UTC with milliseconds. */
  now(): string;
}

/** The current time, as a port, so that tests and the simulation can set it. */
export interface Clock {
  /** The current time, ISO 8601 UTC with milliseconds. */
  now(): string;
}

/** Everything that a rerun would not repeat: time, and what must not be guessed or repeated. */
export interface Chance {
  /** The present instant, ISO 8601 UTC with milliseconds. */
  now(): string;
  /** A new UUIDv7 (RFC 9562): unique, and sorting by the time it was made. */
  newId(): string;
  /** 128 bits that nobody can guess, as text of `[A-Za-z0-9-]`. */
  newToken(): string;
  /** Uniform in [0, 1): jitter. */
  fraction(): number;
}

/** Names for what is new. None is ever given twice. */
export interface Ids {
  /** A new UUIDv7 (RFC 9562): unique, and sorting by the time it was made. */
  newId(): string;
  /** 128 bits that nobody can guess, as text of `[A-Za-z0-9-]`. */
  newToken(): string;
}

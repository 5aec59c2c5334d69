/** Creates unique names. No name is ever repeated. */
export interface Ids {
  /** A new UUIDv7 (RFC 9562): unique, and sorted by creation time. */
  newId(): string;
  /** 128 random bits that nobody can guess, as text of `[A-Za-z0-9-]`. */
  newToken(): string;
}

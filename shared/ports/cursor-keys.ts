/** The keys that seal the cursors of lists: one a day, known to the functions that serve the lists. */
export interface CursorKeys {
  /**
   * The key of a day (`2026-11-24`), 32 random bytes, always the same. It is made at its first
   * use. It may be forgotten two days after its day.
   */
  keyFor(day: string): Promise<Uint8Array>;

  /** The key of a day, where there is one, read consistently. */
  findKey(day: string): Promise<Uint8Array | undefined>;
}

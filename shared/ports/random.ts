/** Random numbers for jitter. Not for secrets: use a token of `Ids` for those. */
export interface Random {
  /** Uniform in [0, 1). */
  fraction(): number;
}

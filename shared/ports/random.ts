/** Randomness that spreads retries. It keeps no secret: for that, take a token of `Ids`. */
export interface Random {
  /** Uniform in [0, 1). */
  fraction(): number;
}

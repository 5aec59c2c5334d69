/** A secret that is kept outside the code, and may change while a function runs. */
export interface Secret {
  /**
   * The secret as it is, or was up to five minutes ago.
   * @throws SecretMissing where nobody has stored one
   * @throws what the store answers
   */
  read(): Promise<string>;

  /** To be called where a service refuses the secret: the next read asks the store. */
  forget(): void;
}

/** Nobody has stored the secret. */
export class SecretMissing extends Error {
  override readonly name = "SecretMissing";
}

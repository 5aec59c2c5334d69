/** Signs with a key that never leaves its store. `test/contracts/signer.contract.ts` says the same. */
export interface Signer {
  /** SHA-256 in hex of the public key (DER, SubjectPublicKeyInfo). */
  fingerprint(): Promise<string>;

  /** @returns ECDSA P-256 over the SHA-256 of the text, DER in base64 */
  sign(text: string): Promise<string>;
}

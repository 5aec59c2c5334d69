import type { SealKey } from "../domain/evidence/archive/seal-verify.ts";

/** Signs with a key that never leaves its store. `test/contracts/signer.contract.ts` says the same. */
export interface Signer {
  /** The public key: its fingerprint, and whether it made a signature. */
  key(): Promise<SealKey>;

  /** @returns ECDSA P-256 over the SHA-256 of the text, DER in base64 */
  sign(text: string): Promise<string>;
}

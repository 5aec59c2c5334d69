import type { WitnessKey } from "../domain/evidence/archive/witness-key.ts";

/** An Ed25519 key that never leaves its store. `test/contracts/cosigner.contract.ts` says the same. */
export interface Cosigner {
  /** The public key. */
  key(): Promise<WitnessKey>;

  /** @returns the 64 bytes of an Ed25519 signature (RFC 8032, the pure form) over the text */
  sign(text: string): Promise<Uint8Array>;
}

import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { Cosigner } from "../../shared/ports/cosigner.ts";

export interface MemoryCosigner extends Cosigner {
  readonly publicKey: KeyObject;
  /** Every text that it signed. */
  readonly signed: readonly string[];
}

/** A key like KMS's ECC_NIST_EDWARDS25519, in memory. */
export function memoryCosigner(): MemoryCosigner {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const signed: string[] = [];
  return {
    publicKey,
    signed,
    key: async () => publicKey,
    async sign(text) {
      signed.push(text);
      return sign(null, Buffer.from(text), privateKey);
    },
  };
}

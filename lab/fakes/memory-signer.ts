import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { Signer } from "../../shared/ports/signer.ts";

export interface MemorySigner extends Signer {
  readonly publicKey: KeyObject;
}

/** A key like KMS's ECC_NIST_P256, in memory. */
export function memorySigner(): MemorySigner {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  return {
    publicKey,
    fingerprint: async () => createHash("sha256").update(spki).digest("hex"),
    sign: async (text) => sign("sha256", Buffer.from(text), privateKey).toString("base64"),
  };
}

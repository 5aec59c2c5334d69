import { createHash, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
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
    key: async () => ({
      fingerprint: createHash("sha256").update(spki).digest("hex"),
      verifySignature: (text, signature) =>
        verify("sha256", Buffer.from(text), publicKey, Buffer.from(signature, "base64")),
    }),
    sign: async (text) => sign("sha256", Buffer.from(text), privateKey).toString("base64"),
  };
}

/** ECDSA over P-256 of digests. node:crypto signs only what it hashes itself. */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { p256 } from "@noble/curves/nist.js";

/** KMS makes signatures of either half, as X9.62 has them, in DER. */
const FORM = { prehash: false, lowS: false, format: "der" } as const;

const bytes = (value: string | undefined): Buffer => Buffer.from(value ?? "", "base64url");

/** @param privateKey PKCS #8 in PEM @param digest 32 bytes. Answers DER. */
export function signDigest(privateKey: string, digest: Buffer): Buffer {
  const { d } = createPrivateKey(privateKey).export({ format: "jwk" });
  return Buffer.from(p256.sign(digest, bytes(d), FORM));
}

/** Whether a DER signature of the digest was made by the key. */
export function verifyDigest(privateKey: string, digest: Buffer, signature: Buffer): boolean {
  const { x, y } = createPublicKey(privateKey).export({ format: "jwk" });
  const point = Buffer.concat([Buffer.from([4]), bytes(x), bytes(y)]);
  return p256.verify(signature, digest, point, FORM);
}

/** The public key as SubjectPublicKeyInfo in DER. */
export const publicKeyOf = (privateKey: string): Buffer =>
  createPublicKey(privateKey).export({ type: "spki", format: "der" });

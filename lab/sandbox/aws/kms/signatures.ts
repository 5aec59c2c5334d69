/** ECDSA over P-256 of digests, which node:crypto signs only where it hashes itself. And Ed25519 of messages. */
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { p256 } from "@noble/curves/nist.js";
import type { SigningInput } from "./signing-input.ts";

/** KMS makes signatures of either half, as X9.62 has them, in DER. */
const FORM = { prehash: false, lowS: false, format: "der" } as const;

const decoded = (value: string | undefined): Buffer => Buffer.from(value ?? "", "base64url");

/** @param privateKey PKCS #8 in PEM @param digest 32 bytes. Answers DER. */
function signDigest(privateKey: string, digest: Buffer): Buffer {
  const { d } = createPrivateKey(privateKey).export({ format: "jwk" });
  return Buffer.from(p256.sign(digest, decoded(d), FORM));
}

/** Whether a DER signature of the digest was made by the key. */
function verifyDigest(privateKey: string, digest: Buffer, signature: Buffer): boolean {
  const { x, y } = createPublicKey(privateKey).export({ format: "jwk" });
  const point = Buffer.concat([Buffer.from([4]), decoded(x), decoded(y)]);
  return p256.verify(signature, digest, point, FORM);
}

/** The public key as SubjectPublicKeyInfo in DER. */
export const publicKeyOf = (privateKey: string): Buffer =>
  createPublicKey(privateKey).export({ type: "spki", format: "der" });

/** The signature that KMS makes: of an Ed25519 key 64 bytes, and otherwise DER. */
export const signatureOf = (privateKey: string, { algorithm, bytes }: SigningInput): Buffer =>
  algorithm === "ED25519_SHA_512" ? sign(null, bytes, privateKey) : signDigest(privateKey, bytes);

/** Whether the key made the signature. */
export const isSignatureOf = (
  privateKey: string,
  { algorithm, bytes }: SigningInput,
  signature: Buffer,
): boolean =>
  algorithm === "ED25519_SHA_512"
    ? verify(null, bytes, createPublicKey(privateKey), signature)
    : verifyDigest(privateKey, bytes, signature);

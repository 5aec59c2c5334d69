/** The Ed25519 key of a witness: reads it, cosigns checkpoints with it, and verifies them. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { type Checkpoint, type Cosigned, cosignedMessage, cosignerKeyId } from "./checkpoint.ts";

/** A key for Ed25519. */
export type WitnessKey = KeyObject;

/** The bytes of an Ed25519 key, at the end of its DER. */
const KEY_BYTES = 32;

const rawOf = (key: KeyObject): Buffer =>
  key.export({ type: "spki", format: "der" }).subarray(-KEY_BYTES);

function ed25519(make: () => KeyObject): KeyObject | undefined {
  try {
    const key = make();
    return key.asymmetricKeyType === "ed25519" ? key : undefined;
  } catch {
    return undefined;
  }
}

/** @returns undefined where the text is no private key of this kind */
export const readPrivateKey = (pem: string): KeyObject | undefined =>
  ed25519(() => createPrivateKey(pem));

/** @returns undefined where the text is no public key of this kind */
export const readWitnessKey = (pem: string): KeyObject | undefined =>
  pem.includes("BEGIN PUBLIC KEY") ? ed25519(() => createPublicKey(pem)) : undefined;

/** @param der a public key as SubjectPublicKeyInfo; undefined where it is of another kind */
export const witnessKeyIn = (der: Uint8Array): KeyObject | undefined =>
  ed25519(() => createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" }));

/** The public key as PEM, as `--witness-key` takes it. */
export const witnessPem = (key: KeyObject): string =>
  key.export({ type: "spki", format: "pem" }).toString();

/** The time of a cosignature, in seconds since 1970. @param now ISO 8601 UTC */
export const cosigningTime = (now: string): number => Math.floor(Date.parse(now) / 1_000);

/** @param signature over `cosignedMessage` of the checkpoint and the time */
export const cosignedWith = (
  checkpoint: Checkpoint,
  { witness, time, key }: Pick<Cosigned, "witness" | "time"> & { readonly key: KeyObject },
  signature: Uint8Array,
): Cosigned => ({
  checkpoint,
  witness,
  time,
  keyId: cosignerKeyId(witness, rawOf(key)),
  signature: Buffer.from(signature).toString("hex"),
});

/** @param now ISO 8601 UTC */
export function cosign(
  checkpoint: Checkpoint,
  witness: string,
  key: KeyObject,
  now: string,
): Cosigned {
  const time = cosigningTime(now);
  const signature = sign(null, Buffer.from(cosignedMessage(checkpoint, time)), key);
  return cosignedWith(checkpoint, { witness, time, key: createPublicKey(key) }, signature);
}

/** Whether this key cosigned it, under the witness's name. */
export const isCosignedBy = (
  { checkpoint, witness, time, keyId, signature }: Cosigned,
  key: KeyObject,
): boolean =>
  keyId === cosignerKeyId(witness, rawOf(key)) &&
  verify(null, Buffer.from(cosignedMessage(checkpoint, time)), key, Buffer.from(signature, "hex"));

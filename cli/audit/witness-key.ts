/** The Ed25519 key of a witness: signs checkpoints, and verifies them. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import {
  type Checkpoint,
  type Cosigned,
  cosignedMessage,
  cosignerKeyId,
} from "../../shared/domain/evidence/archive/checkpoint.ts";

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

/** @param now ISO 8601 UTC */
export function cosign(
  checkpoint: Checkpoint,
  witness: string,
  key: KeyObject,
  now: string,
): Cosigned {
  const time = Math.floor(Date.parse(now) / 1_000);
  const signature = sign(null, Buffer.from(cosignedMessage(checkpoint, time)), key).toString("hex");
  const keyId = cosignerKeyId(witness, rawOf(createPublicKey(key)));
  return { checkpoint, witness, time, keyId, signature };
}

/** Whether this key cosigned it, under the witness's name. */
export const isCosignedBy = (
  { checkpoint, witness, time, keyId, signature }: Cosigned,
  key: KeyObject,
): boolean =>
  keyId === cosignerKeyId(witness, rawOf(key)) &&
  verify(null, Buffer.from(cosignedMessage(checkpoint, time)), key, Buffer.from(signature, "hex"));

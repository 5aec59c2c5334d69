/**
 * A checkpoint of the seals: how many there are, and the root of the RFC 6962 tree over them. Two archives
 * that were sealed differently have different ones. A witness cosigns a checkpoint only if it extends the
 * one that it cosigned before.
 *
 * https://c2sp.org/tlog-checkpoint, https://c2sp.org/tlog-cosignature, https://c2sp.org/signed-note
 */
import { createHash } from "node:crypto";
import { merkleRoot } from "./merkle.ts";
import { type SealedDay, sealText } from "./seal.ts";

export interface Checkpoint {
  /** Names the archive: by the key that seals it. */
  readonly origin: string;
  /** The number of seals, from the first day on. */
  readonly size: number;
  /** The root over `sealText` of each, in hex. */
  readonly root: string;
}

/** A checkpoint with the signature of one witness. */
export interface Cosigned {
  readonly checkpoint: Checkpoint;
  readonly witness: string;
  /** When it was cosigned, in seconds since 1970. */
  readonly time: number;
  /** Names the witness's key, in hex. */
  readonly keyId: string;
  /** Ed25519, in hex. */
  readonly signature: string;
}

const originOf = (fingerprint: string): string => `timelatch-archive/${fingerprint}`;

/** @param days verified seals, from the first one on */
export const checkpointOf = (
  fingerprint: string,
  days: readonly Pick<SealedDay, "seal">[],
): Checkpoint => ({
  origin: originOf(fingerprint),
  size: days.length,
  root: rootUpTo(days, days.length),
});

const rootUpTo = (days: readonly Pick<SealedDay, "seal">[], size: number): string =>
  merkleRoot(days.slice(0, size).map(({ seal }) => sealText(seal)));

/**
 * Whether the seals extend what a checkpoint says: they begin with the same ones.
 *
 * @returns undefined if they do; otherwise a sentence
 */
export function forkFrom(
  before: Checkpoint,
  fingerprint: string,
  days: readonly Pick<SealedDay, "seal">[],
): string | undefined {
  if (before.origin !== originOf(fingerprint)) return "It is of an archive under another key.";
  if (days.length < before.size)
    return `It has ${before.size} seals, and the archive has ${days.length}.`;
  return rootUpTo(days, before.size) === before.root
    ? undefined
    : `One of the first ${before.size} seals is not the one that was cosigned.`;
}

/** The text that is signed, without the cosignature's first lines. */
const checkpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${Buffer.from(root, "hex").toString("base64")}\n`;

/** The message of a cosignature, version 1. */
export const cosignedMessage = (checkpoint: Checkpoint, time: number): string =>
  `cosignature/v1\ntime ${time}\n${checkpointText(checkpoint)}`;

const COSIGNATURE_V1 = 0x04;
const KEY_ID_BYTES = 4;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** @param publicKey the 32 bytes of an Ed25519 key */
export const cosignerKeyId = (witness: string, publicKey: Uint8Array): string =>
  createHash("sha256")
    .update(`${witness}\n`)
    .update(Buffer.from([COSIGNATURE_V1]))
    .update(publicKey)
    .digest("hex")
    .slice(0, 2 * KEY_ID_BYTES);

/** The name of a witness: without spaces and plus signs, as signed notes demand. */
export const isWitnessName = (name: string): boolean => /^[\x21-\x2a\x2c-\x7e]{1,100}$/.test(name);

/** The cosigned checkpoint as a signed note. */
export function noteOf({ checkpoint, witness, time, keyId, signature }: Cosigned): string {
  const stamp = Buffer.alloc(TIME_BYTES);
  stamp.writeBigUInt64BE(BigInt(time));
  const blob = Buffer.concat([Buffer.from(keyId, "hex"), stamp, Buffer.from(signature, "hex")]);
  return `${checkpointText(checkpoint)}\n— ${witness} ${blob.toString("base64")}\n`;
}

/** The last instant that ECMAScript's Date can show, in seconds: a hostile witness may sign any number. */
const LAST_INSTANT = 8_640_000_000_000;

const NOTE =
  /^(timelatch-archive\/[0-9a-f]{64})\n(0|[1-9]\d{0,8})\n([A-Za-z0-9+/]{43}=)\n\n— ([\x21-\x2a\x2c-\x7e]{1,100}) ([A-Za-z0-9+/]+={0,2})\n$/;

/** @returns undefined where the text is not a checkpoint with one cosignature, as `noteOf` writes it */
export function readNote(text: string): Cosigned | undefined {
  const [, origin, size, root, witness, encoded] = NOTE.exec(text) ?? [];
  if (!origin || !size || !root || !witness || !encoded) return undefined;
  const blob = Buffer.from(encoded, "base64");
  if (blob.length !== KEY_ID_BYTES + TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const time = Number(blob.readBigUInt64BE(KEY_ID_BYTES));
  const cosigned = {
    checkpoint: {
      origin,
      size: Number(size),
      root: Buffer.from(root, "base64").toString("hex"),
    },
    witness,
    time,
    keyId: blob.subarray(0, KEY_ID_BYTES).toString("hex"),
    signature: blob.subarray(KEY_ID_BYTES + TIME_BYTES).toString("hex"),
  };
  return time <= LAST_INSTANT && noteOf(cosigned) === text ? cosigned : undefined;
}

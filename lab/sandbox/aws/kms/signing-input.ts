/** Reads what Sign and Verify are asked. https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
import { createHash } from "node:crypto";
import { AwsError } from "../service.ts";
import type { KeySpec } from "./state.ts";

type Input = Readonly<Record<string, unknown>>;

export interface SigningInput {
  readonly algorithm: (typeof SIGNING_ALGORITHMS)[KeySpec];
  /** The signed bytes: for ECDSA a SHA-256, of the message or the message itself; otherwise the message. */
  readonly bytes: Buffer;
  readonly messageType: "RAW" | "DIGEST";
}

/** Those that are emulated: of an Ed25519 key the pure form. KMS also has ED25519_PH_SHA_512. */
export const SIGNING_ALGORITHMS = {
  ECC_NIST_P256: "ECDSA_SHA_256",
  ECC_NIST_EDWARDS25519: "ED25519_SHA_512",
} as const satisfies Readonly<Record<KeySpec, string>>;

/** All that KMS has, but for one that fits an Ed25519 key and is not emulated. */
const ALGORITHMS =
  /^(RSASSA_(PSS|PKCS1_V1_5)_SHA_(256|384|512)|ECDSA_SHA_(256|384|512)|SM2DSA|ED25519_SHA_512)$/;

const MOST_BYTES = 4096;
const DIGEST_BYTES = 32;

/** @throws AwsError ValidationException, InvalidKeyUsageException */
export function signingInput(input: Input, spec: KeySpec): SigningInput {
  const { MessageType: messageType = "RAW", SigningAlgorithm: asked } = input;
  const algorithm = SIGNING_ALGORITHMS[spec];
  if (asked !== algorithm)
    throw ALGORITHMS.test(String(asked))
      ? new AwsError(
          "InvalidKeyUsageException",
          400,
          `Algorithm ${asked} is incompatible with key spec ${spec}.`,
        )
      : invalid(`Value '${asked}' at 'signingAlgorithm' is not emulated by the sandbox.`);
  const message = blob(input, "Message");
  // The pure form needs the message itself.
  if (algorithm === "ED25519_SHA_512" && messageType === "DIGEST")
    throw invalid(`Algorithm ${algorithm} requires MessageType RAW.`);
  if (messageType === "DIGEST") {
    if (message.length !== DIGEST_BYTES)
      throw invalid(`Digest is invalid length for algorithm ${algorithm}.`);
    return { algorithm, bytes: message, messageType };
  }
  if (messageType !== "RAW")
    throw invalid(`Value '${messageType}' at 'messageType' is not emulated by the sandbox.`);
  const bytes =
    algorithm === "ECDSA_SHA_256" ? createHash("sha256").update(message).digest() : message;
  return { algorithm, bytes, messageType };
}

/** A member's bytes, 1 to 4096 of them. @throws AwsError ValidationException */
export function blob(input: Input, member: string): Buffer {
  const value = input[member];
  const at = member.charAt(0).toLowerCase() + member.slice(1);
  if (typeof value !== "string")
    throw invalid(`Value null at '${at}' failed to satisfy constraint`);
  const bytes = Buffer.from(value, "base64");
  if (bytes.length < 1 || bytes.length > MOST_BYTES)
    throw invalid(
      `Value at '${at}' failed to satisfy constraint: Member must have length from 1 to ${MOST_BYTES}`,
    );
  return bytes;
}

/** @throws AwsError ValidationException for a member that is not emulated */
export function refuseOthers(input: Input, members: readonly string[]): void {
  const unknown = Object.keys(input).find((name) => !members.includes(name));
  if (unknown !== undefined) throw invalid(`The sandbox does not emulate the member ${unknown}.`);
}

const invalid = (message: string) => new AwsError("ValidationException", 400, message);

/** Reads what Sign and Verify are asked. https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
import { createHash } from "node:crypto";
import { AwsError } from "../service.ts";

type Input = Readonly<Record<string, unknown>>;

export interface SigningInput {
  /** SHA-256 of the message, or the message that is one. */
  readonly digest: Buffer;
  readonly messageType: "RAW" | "DIGEST";
}

export const SIGNING_ALGORITHM = "ECDSA_SHA_256";

/** The others that KMS has; none fits a P-256 key. */
const OTHER_ALGORITHMS = /^(RSASSA_(PSS|PKCS1_V1_5)_SHA_(256|384|512)|ECDSA_SHA_(384|512)|SM2DSA)$/;

const MOST_BYTES = 4096;
const DIGEST_BYTES = 32;

/** @throws AwsError ValidationException, InvalidKeyUsageException */
export function signingInput(input: Input): SigningInput {
  const { MessageType: messageType = "RAW", SigningAlgorithm: algorithm } = input;
  if (algorithm !== SIGNING_ALGORITHM)
    throw OTHER_ALGORITHMS.test(String(algorithm))
      ? new AwsError(
          "InvalidKeyUsageException",
          400,
          `Algorithm ${algorithm} is incompatible with key spec ECC_NIST_P256.`,
        )
      : invalid(`Value '${algorithm}' at 'signingAlgorithm' is not emulated by the sandbox.`);
  const message = blob(input, "Message");
  if (messageType === "DIGEST") {
    if (message.length !== DIGEST_BYTES)
      throw invalid(`Digest is invalid length for algorithm ${SIGNING_ALGORITHM}.`);
    return { digest: message, messageType };
  }
  if (messageType !== "RAW")
    throw invalid(`Value '${messageType}' at 'messageType' is not emulated by the sandbox.`);
  return { digest: createHash("sha256").update(message).digest(), messageType };
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

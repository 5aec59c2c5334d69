/**
 * Whether a call is signed by our Slack app: Slack's scheme v0, an HMAC-SHA256 over the raw bytes.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** A call as an HTTP API hands it over, payload format 2.0. */
export interface SignedCall {
  /** Repeated headers arrive joined by commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string | undefined;
  /** HTTP APIs deliver bodies of forms as base64. */
  readonly isBase64Encoded?: boolean | undefined;
}

/** A body whose signature was verified. */
export interface SignedBody {
  readonly bytes: Buffer;
  /** SHA-256 of the signed text, in hexadecimal: the timestamp and the body. */
  readonly hash: string;
}

/** How far the timestamp may be from the clock, in either direction, in seconds. */
const TOLERANCE_SECONDS = 300;
const TIMESTAMP = "x-slack-request-timestamp";
const SIGNATURE = "x-slack-signature";

/** Only an exact form passes: a second header of the name would add a comma. */
const TIMESTAMP_FORM = /^[1-9]\d{0,10}$/;
const SIGNATURE_FORM = /^v0=([0-9a-f]{64})$/;

/**
 * The body, if one of the secrets signed it at about this time. Its type and meaning are not checked.
 *
 * @param secrets one, or two while the secret is rotated
 * @param now ISO 8601 UTC
 * @returns undefined for every call that is not signed as Slack signs
 * @throws Error without a secret: nothing would be verified
 */
export function verifySignature(
  call: SignedCall,
  secrets: readonly string[],
  now: string,
): SignedBody | undefined {
  if (secrets.length === 0 || secrets.some((secret) => secret.length < SHORTEST_SECRET))
    throw new Error("There is no usable signing secret. No call was answered; store the secret.");
  const timestamp = onlyHeader(call, TIMESTAMP);
  const signature = SIGNATURE_FORM.exec(onlyHeader(call, SIGNATURE) ?? "")?.[1];
  if (timestamp === undefined || signature === undefined || !TIMESTAMP_FORM.test(timestamp))
    return undefined;
  const ageSeconds = Math.abs(Date.parse(now) / 1_000 - Number(timestamp));
  if (!(ageSeconds <= TOLERANCE_SECONDS)) return undefined;
  const bytes = Buffer.from(call.body ?? "", call.isBase64Encoded ? "base64" : "utf8");
  const signed = Buffer.concat([Buffer.from(`v0:${timestamp}:`), bytes]);
  const given = Buffer.from(signature, "hex");
  // All secrets are tried, so that the time says nothing about which one it was.
  const matches = secrets.map((secret) => timingSafeEqual(macOf(secret, signed), given));
  if (!matches.includes(true)) return undefined;
  return { bytes, hash: createHash("sha256").update(signed).digest("hex") };
}

/** Slack's have 32 characters. An empty or cut one would be guessed. */
const SHORTEST_SECRET = 16;

const macOf = (secret: string, signed: Buffer) =>
  createHmac("sha256", secret).update(signed).digest();

/** The header's value, if exactly one header has that name in any case. */
function onlyHeader({ headers }: SignedCall, name: string): string | undefined {
  const [only, ...others] = Object.entries(headers).filter(([key]) => key.toLowerCase() === name);
  return others.length === 0 ? only?.[1] : undefined;
}

/**
 * The secrets in a parameter: one, or two separated by a comma while the secret is rotated.
 * @throws Error unless there are one or two
 */
export function signingSecrets(parameter: string): readonly string[] {
  const secrets = parameter.split(",").map((secret) => secret.trim());
  if (secrets.length > 2 || secrets.some((secret) => secret.length < SHORTEST_SECRET))
    throw new Error(
      "The signing secret must be one secret, or two separated by a comma. No call was answered; store it again as timelatch docs slack says.",
    );
  return secrets;
}

/** Verifies a signature of AWS Signature Version 4. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { mismatch } from "./authentication-refusal.ts";
import { ALGORITHM, milliseconds, type Signature } from "./read-signature.ts";
import { queryPairs, type SignedRequest } from "./signed-request.ts";

const CLOCK_SKEW_MINUTES = 5;
/** The minutes that STS grants a presigned GetCallerIdentity, whatever its X-Amz-Expires says. */
const PRESIGNED_MINUTES = 15;
const EMPTY_HASH = createHash("sha256").digest("hex");

/**
 * Checks that `secretAccessKey` made the signature over this request at about `now`. A header may
 * differ by five minutes, and a presigned query be 15 minutes old.
 * @throws AuthenticationRefusal `mismatch`, with the text that AWS gives.
 */
export function verifySignature(
  request: SignedRequest,
  signature: Signature,
  secretAccessKey: string,
  now: Date,
): void {
  if (!signature.signedHeaders.includes("host"))
    throw mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  if (signature.date !== signature.signedAt.slice(0, 8))
    throw mismatch(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${signature.date}' != '${signature.signedAt.slice(0, 8)}', from '${signature.signedAt}'.`,
    );
  checkTime(signature, now);
  const expected = sign(secretAccessKey, signature, canonicalRequest(request, signature));
  const given = Buffer.from(signature.signature, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw mismatch(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    );
}

function basicForm(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function checkTime(signature: Signature, now: Date): void {
  const at = milliseconds(signature.signedAt);
  const back = signature.place === "header" ? CLOCK_SKEW_MINUTES : PRESIGNED_MINUTES;
  const earliest = now.getTime() - back * 60_000;
  const latest = now.getTime() + CLOCK_SKEW_MINUTES * 60_000;
  if (at < earliest)
    throw mismatch(
      `Signature expired: ${signature.signedAt} is now earlier than ${basicForm(earliest)} (${basicForm(now.getTime())} - ${back} min.)`,
    );
  if (at > latest)
    throw mismatch(
      `Signature not yet current: ${signature.signedAt} is still later than ${basicForm(latest)} (${basicForm(now.getTime())} + ${CLOCK_SKEW_MINUTES} min.)`,
    );
}

function canonicalRequest(request: SignedRequest, signature: Signature): string {
  const [path = "/"] = request.target.split("?", 1);
  const query = queryPairs(request.target)
    .filter(([name]) => signature.place === "header" || name !== "X-Amz-Signature")
    .map(([name, value]): [string, string] => [encode(name), encode(value)])
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  return [
    request.method,
    signature.service === "s3" ? path : canonicalPath(path),
    query,
    ...signature.signedHeaders.map((name) => `${name}:${canonicalHeader(request, name)}`),
    "",
    signature.signedHeaders.join(";"),
    payloadHash(request, signature),
  ].join("\n");
}

/** The values that S3's clients sign in place of a body's hash. */
const UNHASHED = /^(UNSIGNED-PAYLOAD|STREAMING-[A-Z\d-]+)$/;

/** Always of the bytes that came: a stale x-amz-content-sha256 must not vouch for another body. */
function payloadHash({ headers, body }: SignedRequest, { service }: Signature): string {
  const given = headers.find(([name]) => name.toLowerCase() === "x-amz-content-sha256")?.[1] ?? "";
  if (service === "s3" && UNHASHED.test(given)) return given;
  return body.length === 0 ? EMPTY_HASH : createHash("sha256").update(body).digest("hex");
}

/** Every service but S3 resolves `.` and `..`, drops empty segments, and encodes what is encoded once more. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") segments.pop();
    else segments.push(encode(segment));
  }
  const closing = path.endsWith("/") && segments.length > 0 ? "/" : "";
  return `/${segments.join("/")}${closing}`;
}

/** Repeated headers are one, their values joined by commas in the order they came. */
function canonicalHeader(request: SignedRequest, name: string): string {
  const values = request.headers.filter(([header]) => header.toLowerCase() === name);
  if (values.length === 0)
    throw mismatch(`The header '${name}' is in SignedHeaders and not in the request.`);
  return values.map(([, value]) => value.trim().replace(/ +/g, " ")).join(",");
}

/** RFC 3986: unreserved characters stand, every other byte is %XX in upper case. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const KEYS_KEPT = 2000;
const signingKeys = new Map<string, Buffer>();

/** The same client signs many calls with it in a day, and it takes four of the five hashes. */
function signingKey(secretAccessKey: string, chain: readonly string[]): Buffer {
  const name = [secretAccessKey, ...chain].join("\n");
  const known = signingKeys.get(name);
  if (known) return known;
  const derived = chain.reduce<Buffer>(
    (secret, text) => createHmac("sha256", secret).update(text).digest(),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
  if (signingKeys.size >= KEYS_KEPT) signingKeys.clear();
  signingKeys.set(name, derived);
  return derived;
}

function sign(secretAccessKey: string, at: Signature, canonical: string): Buffer {
  const chain = [at.date, at.region, at.service, "aws4_request"];
  const key = signingKey(secretAccessKey, chain);
  const hash = createHash("sha256").update(canonical).digest("hex");
  return createHmac("sha256", key)
    .update([ALGORITHM, at.signedAt, chain.join("/"), hash].join("\n"))
    .digest();
}

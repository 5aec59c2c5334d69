import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { AuthenticationRefusal } from "./authentication-refusal.ts";

/**
 * The checking side of AWS Signature Version 4, in its two forms: the `Authorization` header, and
 * the presigned query that a Kubernetes token carries.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

const ALGORITHM = "AWS4-HMAC-SHA256";
const CLOCK_SKEW_MINUTES = 5;
/** What STS grants a presigned GetCallerIdentity, whatever its X-Amz-Expires says. */
const PRESIGNED_MINUTES = 15;
const EMPTY_HASH = createHash("sha256").digest("hex");

/** A request exactly as it came over the wire: nothing decoded, no header joined. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query, percent-encoded as sent. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

export interface CredentialScope {
  readonly accessKeyId: string;
  /** `20261124` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** What a request says about its own signature; nothing of it is verified yet. */
export interface Signature extends CredentialScope {
  readonly place: "header" | "query";
  /** `20261124T100000Z` */
  readonly signedAt: string;
  /** Lower case, in the order of the request. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly sessionToken?: string;
  /** Presigned only. */
  readonly expiresSeconds?: number;
}

/** The wire form of Node's request: `rawHeaders`, since `headers` drops or joins repeated ones. */
export function signedRequest(request: IncomingMessage, body: Buffer): SignedRequest {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2)
    headers.push([request.rawHeaders[at] ?? "", request.rawHeaders[at + 1] ?? ""]);
  return { method: request.method ?? "GET", target: request.url ?? "/", headers, body };
}

/** The first value of a header, by its lower-case name. */
export function headerOf(request: SignedRequest, name: string): string | undefined {
  return request.headers.find(([header]) => header.toLowerCase() === name)?.[1];
}

/**
 * Reads the signature of a request.
 * @throws AuthenticationRefusal `missing` where there is none, `incomplete` where a part lacks.
 */
export function readSignature(request: SignedRequest): Signature {
  const authorization = headerOf(request, "authorization");
  if (authorization !== undefined) return readHeader(request, authorization);
  const query = new Map(queryPairs(request.target));
  if (query.has("X-Amz-Signature") || query.has("X-Amz-Algorithm")) return readQuery(query);
  throw new AuthenticationRefusal("missing", "Missing Authentication Token");
}

/**
 * Checks that `secretAccessKey` made the signature, over this very request, at about `now`: within
 * five minutes for a header, not more than 15 minutes ago for a presigned query.
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

function readHeader(request: SignedRequest, authorization: string): Signature {
  const [algorithm, ...rest] = authorization.trim().split(/\s+/);
  if (algorithm !== ALGORITHM)
    throw new AuthenticationRefusal(
      "incomplete",
      `Unsupported AWS 'algorithm': '${algorithm ?? ""}'. The sandbox takes ${ALGORITHM}.`,
    );
  const parts = new Map(
    rest
      .join(" ")
      .split(",")
      .map((part): [string, string] => {
        const at = part.indexOf("=");
        return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
      }),
  );
  const missing = ["Credential", "Signature", "SignedHeaders"].filter((name) => !parts.get(name));
  if (missing.length > 0)
    throw new AuthenticationRefusal(
      "incomplete",
      `Authorization header requires '${missing.join("', '")}' parameter. Authorization=${algorithm}`,
    );
  const token = headerOf(request, "x-amz-security-token");
  return {
    place: "header",
    ...scope(parts.get("Credential") ?? ""),
    signedAt: instant(headerOf(request, "x-amz-date")),
    signedHeaders: headerNames(parts.get("SignedHeaders") ?? ""),
    signature: parts.get("Signature") ?? "",
    ...(token === undefined ? {} : { sessionToken: token }),
  };
}

function readQuery(query: ReadonlyMap<string, string>): Signature {
  const required = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
  ];
  const missing = required.filter((name) => !query.get(name));
  if (missing.length > 0)
    throw new AuthenticationRefusal(
      "incomplete",
      `AWS query-string parameters must include '${missing.join("', '")}'. Re-examine the query-string parameters.`,
    );
  if (query.get("X-Amz-Algorithm") !== ALGORITHM)
    throw new AuthenticationRefusal(
      "incomplete",
      `Unsupported AWS 'algorithm': '${query.get("X-Amz-Algorithm")}'. The sandbox takes ${ALGORITHM}.`,
    );
  const expires = query.get("X-Amz-Expires");
  if (expires !== undefined && !/^\d{1,6}$/.test(expires))
    throw new AuthenticationRefusal("incomplete", "X-Amz-Expires should be a number");
  const token = query.get("X-Amz-Security-Token");
  return {
    place: "query",
    ...scope(query.get("X-Amz-Credential") ?? ""),
    signedAt: instant(query.get("X-Amz-Date")),
    signedHeaders: headerNames(query.get("X-Amz-SignedHeaders") ?? ""),
    signature: query.get("X-Amz-Signature") ?? "",
    ...(token === undefined ? {} : { sessionToken: token }),
    ...(expires === undefined ? {} : { expiresSeconds: Number(expires) }),
  };
}

function scope(credential: string): CredentialScope {
  const parts = credential.split("/");
  const [accessKeyId = "", date = "", region = "", service = "", end] = parts;
  if (parts.length !== 5 || end !== "aws4_request" || !accessKeyId || !/^\d{8}$/.test(date))
    throw new AuthenticationRefusal(
      "incomplete",
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/aws4_request, got '${credential}'`,
    );
  return { accessKeyId, date, region, service };
}

function instant(text: string | undefined): string {
  if (text === undefined || Number.isNaN(milliseconds(text)))
    throw new AuthenticationRefusal(
      "incomplete",
      "Authorization header requires existence of an 'X-Amz-Date' of the form 20261124T100000Z.",
    );
  return text;
}

function headerNames(list: string): readonly string[] {
  return list.toLowerCase().split(";").filter(Boolean);
}

function milliseconds(basic: string): number {
  const at = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(basic);
  return at ? Date.parse(`${at[1]}-${at[2]}-${at[3]}T${at[4]}:${at[5]}:${at[6]}Z`) : Number.NaN;
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
    // Always of the bytes that came: a stale x-amz-content-sha256 must not vouch for another body.
    request.body.length === 0
      ? EMPTY_HASH
      : createHash("sha256").update(request.body).digest("hex"),
  ].join("\n");
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

/** Decoded pairs. In a URL's query, unlike in a form, `+` is a plus sign; a bare name has an empty value. */
function queryPairs(target: string): readonly [name: string, value: string][] {
  const at = target.indexOf("?");
  if (at < 0) return [];
  return target
    .slice(at + 1)
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      return equals < 0
        ? [decode(pair), ""]
        : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
    });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw mismatch(`The query holds '${text}', which is not percent-encoded UTF-8.`);
  }
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

function sign(secretAccessKey: string, at: Signature, canonical: string): Buffer {
  const chain = [at.date, at.region, at.service, "aws4_request"];
  const key = chain.reduce<string | Buffer>(
    (secret, text) => createHmac("sha256", secret).update(text).digest(),
    `AWS4${secretAccessKey}`,
  );
  const hash = createHash("sha256").update(canonical).digest("hex");
  return createHmac("sha256", key)
    .update([ALGORITHM, at.signedAt, chain.join("/"), hash].join("\n"))
    .digest();
}

function mismatch(message: string): AuthenticationRefusal {
  return new AuthenticationRefusal("mismatch", message);
}

/** The headers that requests may have here; any other that means something to S3 is refused by name. */
import { AwsError } from "../service.ts";
import { invalidArgument, notEmulated } from "./errors.ts";
import type { S3Input } from "./request-input.ts";
import type { Retention, RetentionMode } from "./state.ts";

type Headers = S3Input["headers"];

/** The headers that every operation takes. */
const COMMON = ["x-amz-expected-bucket-owner", "x-amz-sdk-checksum-algorithm"];
/** Headers that an object keeps. */
const KEPT = /^(content-(type|encoding|language|disposition)|cache-control|expires|x-amz-meta-.+)$/;
const DEFAULT_TYPE = "binary/octet-stream";
/** Headers with one value that changes nothing here. */
const ONE_VALUE: Readonly<Record<string, string>> = {
  "x-amz-server-side-encryption": "AES256",
  "x-amz-storage-class": "STANDARD",
};
/** Headers that mean something to S3 although they do not begin with `x-amz-`. */
const MEANINGFUL = /^(x-amz-.*|if-.*|range)$/;

/** @throws AwsError NotImplemented, and AccessDenied where the bucket's owner is not the expected */
export function checkHeaders(headers: Headers, allowed: readonly string[], account: string): void {
  for (const [name, value] of Object.entries(headers)) {
    const isAllowed =
      COMMON.includes(name) ||
      allowed.some((one) => (one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : name === one));
    if (MEANINGFUL.test(name) && !isAllowed && ONE_VALUE[name] !== value)
      throw notEmulated(`the header ${name}: ${value}`);
  }
  const owner = headers["x-amz-expected-bucket-owner"];
  if (owner !== undefined && owner !== account)
    throw new AwsError("AccessDenied", 403, "Access Denied");
}

/** The headers that an object answers as they were given to it. */
export function keptHeaders(headers: Headers): Headers {
  const kept = Object.entries(headers)
    .filter(([name]) => KEPT.test(name))
    .map(([name, value]) => [name, name === "content-encoding" ? unchunked(value) : value] as const)
    .filter(([, value]) => value !== "");
  return { "content-type": DEFAULT_TYPE, ...Object.fromEntries(kept) };
}

/** `aws-chunked` is how the body came, and not how the object is encoded. */
const unchunked = (encoding: string): string =>
  encoding
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "aws-chunked")
    .join(",");

const MODE = "x-amz-object-lock-mode";
const UNTIL = "x-amz-object-lock-retain-until-date";
export const RETENTION_HEADERS = [MODE, UNTIL];

/** The retention that the headers ask for. @throws AwsError InvalidArgument, InvalidRequest */
export function askedRetention(headers: Headers, now: Date): Retention | undefined {
  const mode = headers[MODE];
  const until = headers[UNTIL];
  if (mode === undefined && until === undefined) return undefined;
  if (mode === undefined || until === undefined)
    throw invalidArgument(
      `${UNTIL} and ${MODE} must both be supplied`,
      mode === undefined ? MODE : UNTIL,
    );
  return checkedRetention(mode, until, now);
}

/** @throws AwsError InvalidArgument */
export function checkedRetention(mode: string, until: string, now: Date): Retention {
  if (!isMode(mode)) throw invalidArgument("Unknown wormMode directive.", MODE);
  const at = Date.parse(until);
  if (Number.isNaN(at))
    throw invalidArgument("The retain until date is not an ISO 8601 date.", UNTIL);
  if (at <= now.getTime())
    throw invalidArgument("The retain until date must be in the future!", UNTIL);
  return { mode, until: new Date(at).toISOString() };
}

const isMode = (mode: unknown): mode is RetentionMode =>
  mode === "GOVERNANCE" || mode === "COMPLIANCE";

/** As answers carry it. */
export const retentionHeaders = ({ mode, until }: Retention): Headers => ({
  [MODE]: mode,
  [UNTIL]: until,
});

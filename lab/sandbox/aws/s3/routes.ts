/** Finds the operation of S3 that a request asks for. */

import { BodyBytes } from "../body-bytes.ts";
import { AwsError } from "../service.ts";
import { headerOf, queryPairs, type SignedRequest } from "../signed-request.ts";
import type { Decoded } from "../wire.ts";
import { unframed } from "./aws-chunked.ts";
import { notEmulated } from "./errors.ts";
import type { S3Input } from "./request-input.ts";

/** By the method and what the query asks for; `*` where the query asks for nothing of its own. */
const BUCKET_OPERATIONS: Readonly<Record<string, string>> = {
  "GET list-type": "ListObjectsV2",
  "GET versioning": "GetBucketVersioning",
  "GET object-lock": "GetObjectLockConfiguration",
  "GET location": "GetBucketLocation",
  "GET encryption": "GetBucketEncryption",
  "HEAD *": "HeadBucket",
  "PUT *": "CreateBucket",
  "DELETE *": "DeleteBucket",
};
const OBJECT_OPERATIONS: Readonly<Record<string, string>> = {
  "GET *": "GetObject",
  "HEAD *": "HeadObject",
  "PUT *": "PutObject",
  "DELETE *": "DeleteObject",
  "GET retention": "GetObjectRetention",
  "PUT retention": "PutObjectRetention",
};

/** Parameters of the query that name no operation. */
const PARAMETERS = new Set([
  ...["x-id", "versionId", "prefix", "delimiter", "max-keys", "continuation-token"],
  ...["start-after", "encoding-type", "fetch-owner"],
]);

/** @throws AwsError NotImplemented for a request that stands for another operation */
export function decodeS3(request: SignedRequest): Decoded {
  const query = Object.fromEntries(
    queryPairs(request.target).filter(([name]) => !name.startsWith("X-Amz-")),
  );
  const { bucket, key } = address(request);
  if (bucket === "") throw notEmulated("s3:ListBuckets");
  const asked = Object.keys(query).filter((name) => !PARAMETERS.has(name));
  const table = key === "" ? BUCKET_OPERATIONS : OBJECT_OPERATIONS;
  const place = key === "" ? "a bucket" : "an object";
  const found = table[`${request.method} ${asked[0] ?? "*"}`];
  if (found === undefined || asked.length > 1)
    throw notEmulated(`S3's ${request.method} of ${place} with '${asked.join("&")}'`);
  if (headerOf(request, "x-amz-copy-source") !== undefined) throw notEmulated("s3:CopyObject");
  const { bytes, trailers } = bodyOf(request);
  const headers = { ...headersOf(request), ...trailers };
  const input: S3Input = { bucket, key, query, headers, body: new BodyBytes(bytes) };
  return { operation: found, input };
}

/**
 * Path style: the bucket is the path's first segment. Virtual-hosted style: it stands before the
 * host, as in `bucket.localhost` and `bucket.s3.us-west-2.amazonaws.com`.
 */
function address(request: SignedRequest): { readonly bucket: string; readonly key: string } {
  const [path = "/"] = request.target.split("?", 1);
  const host = headerOf(request, "host") ?? "";
  const virtual = /^([a-z\d.-]+)\.(?:localhost|s3\.[a-z\d-]+\.amazonaws\.com)(?::\d+)?$/.exec(host);
  const whole = virtual ? `/${virtual[1]}${path}` : path;
  const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(whole) ?? [];
  try {
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key) };
  } catch {
    throw new AwsError("InvalidURI", 400, "Couldn't parse the specified URI.");
  }
}

const UNSIGNED = /^(x-amz-(date|security-token|content-sha256|user-agent)|amz-sdk-.*)$/;
const CONNECTION = new Set([
  ...["host", "connection", "user-agent", "authorization", "accept", "accept-encoding", "expect"],
  ...["content-length", "transfer-encoding", "te", "keep-alive"],
]);

function headersOf(request: SignedRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(
    request.headers
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => !CONNECTION.has(name) && !UNSIGNED.test(name)),
  );
}

/** @throws AwsError NotImplemented for a body whose chunks are signed one by one */
function bodyOf(request: SignedRequest) {
  const content = headerOf(request, "x-amz-content-sha256") ?? "";
  if (content === "STREAMING-UNSIGNED-PAYLOAD-TRAILER") {
    const body = unframed(request.body);
    const length = headerOf(request, "x-amz-decoded-content-length");
    if (length !== undefined && Number(length) !== body.bytes.length)
      throw new AwsError(
        "IncompleteBody",
        400,
        "The request body has another length than it says.",
      );
    return body;
  }
  if (content.startsWith("STREAMING-")) throw notEmulated(`a body sent as ${content}`);
  return { bytes: request.body, trailers: {} };
}

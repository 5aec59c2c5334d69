import { createHash, randomBytes, randomUUID } from "node:crypto";
import { checkedChecksum, checkMd5, hasChecksum } from "./checksums.ts";
import { bucketOf, demandOn, ownerOf, type S3Call, type S3Context } from "./context.ts";
import { invalidRequest, noLockConfiguration, notEmulated, preconditionFailed } from "./errors.ts";
import { askedRetention, checkHeaders, keptHeaders, RETENTION_HEADERS } from "./request-headers.ts";
import type { S3Output } from "./request-input.ts";
import { type BucketState, latestVersion, type ObjectVersion, type Retention } from "./state.ts";

const ALLOWED = [
  ...RETENTION_HEADERS,
  ...["x-amz-checksum-*", "x-amz-meta-*", "x-amz-trailer", "x-amz-decoded-content-length"],
  "if-none-match",
];
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html */
const VERSION_BYTES = 24;
const DAY_MS = 86_400_000;

/** `PutObject`: adds a version; without versioning it replaces the object. */
export async function putObject(context: S3Context, call: S3Call): Promise<S3Output> {
  const { input, now } = call;
  const { headers, key, body } = input;
  const bucket = bucketOf(context, call);
  checkHeaders(headers, ALLOWED, ownerOf(context, call));
  const asked = askedRetention(headers, now);
  await demandPut(context, call, asked);
  if (asked !== undefined && !bucket.isLockable) throw noLockConfiguration();
  const retention = asked ?? defaultRetention(bucket, now);
  if (retention !== undefined && !hasChecksum(headers))
    throw invalidRequest(
      "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters",
    );
  checkMd5(headers, body.bytes);
  const checksum = checkedChecksum(headers, body.bytes);
  checkCondition(bucket, headers["if-none-match"], key);
  const version: ObjectVersion = {
    id: bucket.isVersioned ? randomBytes(VERSION_BYTES).toString("base64url") : "null",
    modifiedAt: now.toISOString(),
    isDeleteMarker: false,
    blobId: randomUUID(),
    size: body.bytes.length,
    etag: `"${createHash("md5").update(body.bytes).digest("hex")}"`,
    headers: keptHeaders(headers),
    checksum,
    ...(retention === undefined ? {} : { retention }),
  };
  context.blobs.write(version.blobId, body.bytes);
  addVersion(context, bucket, key, version);
  return {
    headers: {
      etag: version.etag,
      "x-amz-server-side-encryption": "AES256",
      ...(bucket.isVersioned ? { "x-amz-version-id": version.id } : {}),
      ...checksum,
    },
  };
}

async function demandPut(context: S3Context, call: S3Call, asked: Retention | undefined) {
  const condition = call.input.headers["if-none-match"];
  const lock =
    asked === undefined
      ? {}
      : { "s3:object-lock-mode": asked.mode, "s3:object-lock-retain-until-date": asked.until };
  await demandOn(context, call, "PutObject", {
    ...lock,
    ...(condition === undefined ? {} : { "s3:if-none-match": condition }),
  });
  if (asked !== undefined) await demandOn(context, call, "PutObjectRetention", lock);
}

function defaultRetention({ defaultRetention: by }: BucketState, now: Date): Retention | undefined {
  if (by === undefined) return undefined;
  return { mode: by.mode, until: new Date(now.getTime() + by.days * DAY_MS).toISOString() };
}

/** `If-None-Match: *` writes only what is not there. @throws AwsError PreconditionFailed */
function checkCondition(bucket: BucketState, condition: string | undefined, key: string): void {
  if (condition === undefined) return;
  if (condition !== "*") throw notEmulated(`If-None-Match: ${condition}`);
  const latest = latestVersion(bucket, key);
  if (latest !== undefined && !latest.isDeleteMarker) throw preconditionFailed("If-None-Match");
}

/** Puts a version on top of the key's; without versioning in place of them. */
export function addVersion(
  { s3, blobs }: S3Context,
  bucket: BucketState,
  key: string,
  version: ObjectVersion,
): void {
  s3.change(() => {
    const before = Object.hasOwn(bucket.objects, key) ? (bucket.objects[key] ?? []) : [];
    const replaced = bucket.isVersioned ? [] : before.filter(({ id }) => id === "null");
    for (const { blobId } of replaced) blobs.remove(blobId);
    bucket.objects[key] = [...before.filter((each) => !replaced.includes(each)), version];
  });
}

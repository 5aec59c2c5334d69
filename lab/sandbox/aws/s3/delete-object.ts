import { randomBytes } from "node:crypto";
import { bucketOf, demandOn, ownerOf, type S3Call, type S3Context } from "./context.ts";
import { objectLocked } from "./errors.ts";
import { addVersion } from "./put-object.ts";
import { checkHeaders } from "./request-headers.ts";
import type { S3Output } from "./request-input.ts";
import type { BucketState } from "./state.ts";

export const BYPASS = "x-amz-bypass-governance-retention";

/**
 * `DeleteObject`: puts a delete marker on top, or deletes the version that is named. A version that
 * is not there is no error.
 */
export async function deleteObject(context: S3Context, call: S3Call): Promise<S3Output> {
  const { headers, key, query } = call.input;
  const bucket = bucketOf(context, call);
  checkHeaders(headers, [BYPASS], ownerOf(context, call));
  if (query["versionId"] !== undefined)
    return await deleteVersion(context, call, bucket, query["versionId"]);
  await demandOn(context, call, "DeleteObject");
  if (!bucket.isVersioned) {
    removeVersion(context, bucket, key, "null");
    return { status: 204 };
  }
  const id = randomBytes(24).toString("base64url");
  addVersion(context, bucket, key, {
    id,
    modifiedAt: call.now.toISOString(),
    isDeleteMarker: true,
    blobId: "",
    size: 0,
    etag: "",
    headers: {},
    checksum: {},
  });
  return { status: 204, headers: { "x-amz-delete-marker": "true", "x-amz-version-id": id } };
}

async function deleteVersion(
  context: S3Context,
  call: S3Call,
  bucket: BucketState,
  id: string,
): Promise<S3Output> {
  const { key } = call.input;
  await demandOn(context, call, "DeleteObjectVersion", { "s3:versionid": id });
  const mayBypass = await bypasses(context, call);
  const versions = Object.hasOwn(bucket.objects, key) ? (bucket.objects[key] ?? []) : [];
  const found = versions.find((version) => version.id === id);
  const { retention } = found ?? {};
  const isLocked = retention !== undefined && retention.until > call.now.toISOString();
  if (isLocked && !(retention.mode === "GOVERNANCE" && mayBypass)) throw objectLocked();
  removeVersion(context, bucket, key, id);
  return {
    status: 204,
    headers: {
      "x-amz-version-id": id,
      ...(found?.isDeleteMarker ? { "x-amz-delete-marker": "true" } : {}),
    },
  };
}

/** Whether the call asks to bypass governance, and may. @throws AwsError AccessDenied */
export async function bypasses(context: S3Context, call: S3Call): Promise<boolean> {
  if (call.input.headers[BYPASS]?.toLowerCase() !== "true") return false;
  await demandOn(context, call, "BypassGovernanceRetention");
  return true;
}

function removeVersion({ s3, blobs }: S3Context, bucket: BucketState, key: string, id: string) {
  if (!Object.hasOwn(bucket.objects, key)) return;
  const versions = bucket.objects[key] ?? [];
  s3.change(() => {
    for (const { blobId } of versions.filter((version) => version.id === id))
      if (blobId !== "") blobs.remove(blobId);
    const left = versions.filter((version) => version.id !== id);
    if (left.length === 0) delete bucket.objects[key];
    else bucket.objects[key] = left;
  });
}

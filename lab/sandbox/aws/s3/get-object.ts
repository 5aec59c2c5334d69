import { BodyBytes } from "../body-bytes.ts";
import { AwsError, type Caller } from "../service.ts";
import {
  bucketOf,
  demandOn,
  mayOn,
  missingKey,
  ownerOf,
  type S3Call,
  type S3Context,
} from "./context.ts";
import { noSuchVersion } from "./errors.ts";
import { checkHeaders, retentionHeaders } from "./request-headers.ts";
import type { S3Output } from "./request-input.ts";
import { latestVersion, type ObjectVersion } from "./state.ts";

/** `GetObject` and `HeadObject`; of an answer to HEAD the HTTP server sends no body. */
export async function getObject(context: S3Context, call: S3Call): Promise<S3Output> {
  checkHeaders(call.input.headers, ["x-amz-checksum-mode"], ownerOf(context, call));
  const version = await readableVersion(context, call, "GetObject");
  const showsLock = version.retention && (await mayOn(context, call, "GetObjectRetention"));
  const bytes = context.blobs.read(version.blobId);
  return {
    headers: {
      ...version.headers,
      etag: version.etag,
      "last-modified": new Date(version.modifiedAt).toUTCString(),
      "accept-ranges": "bytes",
      "x-amz-server-side-encryption": "AES256",
      ...(version.id === "null" ? {} : { "x-amz-version-id": version.id }),
      ...(call.input.headers["x-amz-checksum-mode"] === "ENABLED" ? version.checksum : {}),
      ...(version.retention && showsLock ? retentionHeaders(version.retention) : {}),
    },
    body: new BodyBytes(bytes),
  };
}

/**
 * The version that the call names, or the latest, once the caller may read it.
 * @param action the action for the latest version. A version's id needs the action for versions.
 * @throws AwsError AccessDenied, NoSuchKey, NoSuchVersion, MethodNotAllowed for a delete marker
 */
export async function readableVersion(
  context: S3Context,
  call: S3Call,
  action: "GetObject" | "GetObjectRetention" | "PutObjectRetention",
): Promise<ObjectVersion> {
  const { key, query } = call.input;
  const bucket = bucketOf(context, call);
  const { versionId } = query;
  const isVersion = versionId !== undefined && action === "GetObject";
  await demandOn(context, call, isVersion ? "GetObjectVersion" : action, {
    ...(versionId === undefined ? {} : { "s3:versionid": versionId }),
  });
  if (versionId === undefined) {
    const latest = latestVersion(bucket, key);
    if (latest === undefined) throw await missingKey(context, call);
    if (!latest.isDeleteMarker) return latest;
    const error = await missingKey(context, call);
    throw new AwsError(error.code, error.status, error.message, {
      ...error.members,
      ...markerHeaders(latest),
    });
  }
  const versions = Object.hasOwn(bucket.objects, key) ? bucket.objects[key] : undefined;
  const found = versions?.find(({ id }) => id === versionId);
  if (found === undefined) throw noSuchVersion(key, versionId);
  if (found.isDeleteMarker)
    throw new AwsError(
      "MethodNotAllowed",
      405,
      "The specified method is not allowed against this resource.",
      markerHeaders(found),
    );
  return found;
}

const markerHeaders = ({ id }: ObjectVersion) => ({
  "x-amz-delete-marker": "true",
  "x-amz-version-id": id,
});

/** The object's place, and its reader. */
interface ObjectReading {
  readonly bucket: string;
  readonly key: string;
  readonly caller: Caller;
  readonly now: Date;
}

/** The text of an object, for a service that reads it as its own caller. @throws AwsError as S3 refuses */
export async function readObject(
  context: S3Context,
  { bucket, key, caller, now }: ObjectReading,
): Promise<string> {
  const input = { bucket, key, query: {}, headers: {}, body: new BodyBytes(Buffer.alloc(0)) };
  const call = { operation: "GetObject", input, caller, requestId: "", now };
  const { body } = await getObject(context, call);
  return typeof body === "string" ? body : (body?.bytes.toString("utf8") ?? "");
}

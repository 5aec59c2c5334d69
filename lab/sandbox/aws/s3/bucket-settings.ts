/** The operations that read a bucket's settings. */
import { AwsError } from "../service.ts";
import { xmlElement } from "../xml.ts";
import { bucketOf, demandOn, ownerOf, type S3Call, type S3Context } from "./context.ts";
import { checkHeaders } from "./request-headers.ts";
import type { S3Output } from "./request-input.ts";
import { xmlDocument } from "./xml-document.ts";

export async function headBucket(context: S3Context, call: S3Call): Promise<S3Output> {
  bucketOf(context, call);
  checkHeaders(call.input.headers, [], ownerOf(context, call));
  await demandOn(context, call, "ListBucket");
  return {};
}

export async function getBucketVersioning(context: S3Context, call: S3Call): Promise<S3Output> {
  const { isVersioned } = bucketOf(context, call);
  checkHeaders(call.input.headers, [], ownerOf(context, call));
  await demandOn(context, call, "GetBucketVersioning");
  const status = isVersioned ? xmlElement("Status", "Enabled") : "";
  return { body: xmlDocument("VersioningConfiguration", status) };
}

export async function getObjectLockConfiguration(
  context: S3Context,
  call: S3Call,
): Promise<S3Output> {
  const { isLockable, defaultRetention } = bucketOf(context, call);
  checkHeaders(call.input.headers, [], ownerOf(context, call));
  await demandOn(context, call, "GetBucketObjectLockConfiguration");
  if (!isLockable)
    throw new AwsError(
      "ObjectLockConfigurationNotFoundError",
      404,
      "Object Lock configuration does not exist for this bucket",
    );
  const rule = defaultRetention && {
    DefaultRetention: { Mode: defaultRetention.mode, Days: defaultRetention.days },
  };
  const content = xmlElement("ObjectLockEnabled", "Enabled") + xmlElement("Rule", rule);
  return { body: xmlDocument("ObjectLockConfiguration", content) };
}

export async function getBucketLocation(context: S3Context, call: S3Call): Promise<S3Output> {
  bucketOf(context, call);
  checkHeaders(call.input.headers, [], ownerOf(context, call));
  await demandOn(context, call, "GetBucketLocation");
  return { body: xmlDocument("LocationConstraint", context.region) };
}

/** S3 encrypts every object, where a bucket says nothing else with keys of its own. */
export async function getBucketEncryption(context: S3Context, call: S3Call): Promise<S3Output> {
  bucketOf(context, call);
  checkHeaders(call.input.headers, [], ownerOf(context, call));
  await demandOn(context, call, "GetEncryptionConfiguration");
  const rule = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
    BucketKeyEnabled: false,
  };
  return { body: xmlDocument("ServerSideEncryptionConfiguration", xmlElement("Rule", rule)) };
}

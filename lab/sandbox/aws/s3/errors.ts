/** S3's error codes and texts. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
import { AwsError } from "../service.ts";

export const noSuchBucket = (BucketName: string) =>
  new AwsError("NoSuchBucket", 404, "The specified bucket does not exist", { BucketName });

/** A bucket of another region. */
export const elsewhere = (Bucket: string, region: string) =>
  new AwsError(
    "PermanentRedirect",
    301,
    "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
    { Bucket, Endpoint: `s3.${region}.amazonaws.com` },
  );

export const noSuchKey = (Key: string) =>
  new AwsError("NoSuchKey", 404, "The specified key does not exist.", { Key });

export const noSuchVersion = (Key: string, VersionId: string) =>
  new AwsError("NoSuchVersion", 404, "The specified version does not exist.", { Key, VersionId });

export const objectLocked = () =>
  new AwsError("AccessDenied", 403, "Access Denied because object protected by object lock.");

export const noLockConfiguration = () =>
  new AwsError("InvalidRequest", 400, "Bucket is missing Object Lock Configuration");

export const invalidArgument = (message: string, ArgumentName?: string) =>
  new AwsError("InvalidArgument", 400, message, ArgumentName === undefined ? {} : { ArgumentName });

export const invalidRequest = (message: string) => new AwsError("InvalidRequest", 400, message);

export const badDigest = (what: string) =>
  new AwsError(
    "BadDigest",
    400,
    `The ${what} you specified did not match the calculated checksum.`,
  );

export const preconditionFailed = (Condition: string) =>
  new AwsError(
    "PreconditionFailed",
    412,
    "At least one of the pre-conditions you specified did not hold",
    { Condition },
  );

/** @param what the header, parameter or value */
export const notEmulated = (what: string) =>
  new AwsError("NotImplemented", 501, `The sandbox does not emulate ${what}.`);

import type { Call, Operation, Service } from "../service.ts";
import {
  getBucketEncryption,
  getBucketLocation,
  getBucketVersioning,
  getObjectLockConfiguration,
  headBucket,
} from "./bucket-settings.ts";
import type { S3Call, S3Context } from "./context.ts";
import { deleteObject } from "./delete-object.ts";
import { getObject } from "./get-object.ts";
import { listObjectsV2 } from "./list-objects-v2.ts";
import { createBucket, deleteBucket } from "./make-bucket.ts";
import { getObjectRetention, putObjectRetention } from "./object-retention.ts";
import { putObject } from "./put-object.ts";
import type { S3Output } from "./request-input.ts";

const OPERATIONS: Readonly<
  Record<string, (context: S3Context, call: S3Call) => Promise<S3Output>>
> = {
  CreateBucket: createBucket,
  DeleteBucket: deleteBucket,
  DeleteObject: deleteObject,
  GetBucketEncryption: getBucketEncryption,
  GetBucketLocation: getBucketLocation,
  GetBucketVersioning: getBucketVersioning,
  GetObject: getObject,
  GetObjectLockConfiguration: getObjectLockConfiguration,
  GetObjectRetention: getObjectRetention,
  HeadBucket: headBucket,
  HeadObject: getObject,
  ListObjectsV2: listObjectsV2,
  PutObject: putObject,
  PutObjectRetention: putObjectRetention,
};

/**
 * Amazon S3 as far as an archive needs it: buckets of the template with versioning and Object
 * Lock, and plain ones that a caller makes. Objects are put whole; there are no uploads in parts.
 */
export function s3Service(context: S3Context): Service {
  return {
    name: "s3",
    protocol: { kind: "s3" },
    operations: Object.fromEntries(
      Object.entries(OPERATIONS).map(([name, run]): [string, Operation] => [
        name,
        // The bucket's policy takes part in the decision, so `run` asks.
        { permissions: () => [], run: (call: Call) => run(context, call as S3Call) },
      ]),
    ),
  };
}

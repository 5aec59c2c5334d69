/** Lets archive read the audit table and what readings found, add to the archive, seal, and publish seals. */
import type { EventBus } from "aws-cdk-lib/aws-events";
import type { Key } from "aws-cdk-lib/aws-kms";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { AUDIT_INDEX } from "../../shared/aws/dynamodb/indexes.ts";
import type { Tables } from "../constructs/tables.ts";
import { allKeysLike, STANDING } from "./function-statements.ts";
import { allow, deny } from "./statements.ts";

/** The bucket of the archive, and the key that seals it. */
interface Sealed {
  readonly bucket: Pick<Bucket, "bucketArn" | "arnForObjects">;
  readonly key: Pick<Key, "keyArn">;
}

/** Every way to take something out of the archive, or to shorten how long it is kept. */
const DESTROYING_ACTIONS = [
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:BypassGovernanceRetention",
  "s3:PutObjectRetention",
  "s3:PutObjectLegalHold",
  "s3:PutBucketObjectLockConfiguration",
  "s3:PutLifecycleConfiguration",
  "s3:PutBucketVersioning",
  "s3:PutBucketPolicy",
  "s3:DeleteBucketPolicy",
  "s3:DeleteBucket",
];

/** The deny holds against any allow that somebody adds later. */
export const archiveStatements = (
  { requests, audit }: Tables,
  bus: Pick<EventBus, "eventBusArn">,
  { bucket, key }: Sealed,
) => [
  allow(
    "QueryAuditRecords",
    ["dynamodb:Query"],
    [audit.tableArn, `${audit.tableArn}/index/${AUDIT_INDEX.audit.name}`],
  ),
  // The lists of standing access whose hashes are among the records.
  allow("QueryReadings", ["dynamodb:Query"], [requests.tableArn], allKeysLike(...STANDING)),
  // When the table was made is where the archive begins.
  allow("DescribeAuditTable", ["dynamodb:DescribeTable"], [audit.tableArn]),
  allow(
    "AddAndReadArchive",
    ["s3:PutObject", "s3:GetObject"],
    ["first-day.txt", "records/*", "seals/*", "policies/*", "standing/*", "published/*"].map(
      (name) => bucket.arnForObjects(name),
    ),
  ),
  // Without it, S3 answers 403 in place of 404 for an object that is not there.
  allow("ListArchive", ["s3:ListBucket"], [bucket.bucketArn]),
  deny("DenyDestruction", DESTROYING_ACTIONS, [bucket.bucketArn, bucket.arnForObjects("*")]),
  allow("Seal", ["kms:Sign"], [key.keyArn], {
    StringEquals: { "kms:MessageType": "DIGEST", "kms:SigningAlgorithm": "ECDSA_SHA_256" },
  }),
  allow("ReadPublicKey", ["kms:GetPublicKey"], [key.keyArn]),
  allow("PublishSeals", ["events:PutEvents"], [bus.eventBusArn]),
];

const BY_TIME =
  "An object is named after its day and hour, which deployment does not know. The bucket is the archive's own.";

/** The findings of cdk-nag in these statements, and why each finding stays. */
export const ARCHIVE_FINDINGS = {
  "IAM5[Resource::<ArchiveBucket49F1AC64.Arn>/records/*]": BY_TIME,
  "IAM5[Resource::<ArchiveBucket49F1AC64.Arn>/seals/*]": BY_TIME,
  "IAM5[Resource::<ArchiveBucket49F1AC64.Arn>/published/*]": BY_TIME,
  "IAM5[Resource::<ArchiveBucket49F1AC64.Arn>/policies/*]":
    "A policy is named after its hash, and each deployment may bring another. The bucket is the archive's own.",
  "IAM5[Resource::<ArchiveBucket49F1AC64.Arn>/standing/*]":
    "What a reading found is named after its hash, which nobody knows before. The bucket is the archive's own.",
};

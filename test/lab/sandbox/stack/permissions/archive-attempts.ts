/** Attempts on the archive: its bucket, and the key that seals it. */
import { GetPublicKeyCommand, SignCommand, type SignCommandInput } from "@aws-sdk/client-kms";
import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectRetentionCommand,
} from "@aws-sdk/client-s3";
import type { Attempt, Attempts } from "./attempt.ts";

const SEAL = "seals/2026-11-24.json";
const PART = "records/2026-11-24/2026-11-24T10/0001.ndjson.gz";

const put =
  (Key: string, more: Pick<PutObjectCommandInput, "IfNoneMatch"> = { IfNoneMatch: "*" }): Attempt =>
  ({ s3 }, account) =>
    s3.send(new PutObjectCommand({ Bucket: account.bucketName(), Key, Body: "{}", ...more }));
const get =
  (Key: string): Attempt =>
  ({ s3 }, account) =>
    s3.send(new GetObjectCommand({ Bucket: account.bucketName(), Key }));
const remove =
  (Key: string, more: { readonly VersionId?: string } = {}): Attempt =>
  ({ s3 }, account) =>
    s3.send(new DeleteObjectCommand({ Bucket: account.bucketName(), Key, ...more }));
const sign =
  (over: Partial<SignCommandInput> = {}): Attempt =>
  ({ kms }, account) =>
    kms.send(
      new SignCommand({
        KeyId: account.keyId(),
        Message: new Uint8Array(32),
        MessageType: "DIGEST",
        SigningAlgorithm: "ECDSA_SHA_256",
        ...over,
      }),
    );

/** Attempts on the archive that every role is refused, archive itself included. */
export const DESTROYING_THE_ARCHIVE: Attempts = {
  "put over a seal": put(SEAL, {}),
  "put over a part": put(PART, {}),
  "delete a seal": remove(SEAL),
  "delete a version of a seal": remove(SEAL, { VersionId: "1" }),
  "delete a part": remove(PART),
  "keep a seal for less time": ({ s3 }, account) =>
    s3.send(
      new PutObjectRetentionCommand({
        Bucket: account.bucketName(),
        Key: SEAL,
        Retention: { Mode: "GOVERNANCE", RetainUntilDate: new Date(Date.now() + 1_000) },
      }),
    ),
  "keep a seal for less time past governance": ({ s3 }, account) =>
    s3.send(
      new PutObjectRetentionCommand({
        Bucket: account.bucketName(),
        Key: SEAL,
        BypassGovernanceRetention: true,
        Retention: { Mode: "GOVERNANCE", RetainUntilDate: new Date(Date.now() + 1_000) },
      }),
    ),
  "store an object that is neither part nor seal": put("other.txt"),
  "read an object that is neither part nor seal": get("other.txt"),
  "see how long a seal is kept": ({ s3 }, account) =>
    s3.send(new GetObjectRetentionCommand({ Bucket: account.bucketName(), Key: SEAL })),
  "see the lock of the bucket": ({ s3 }, account) =>
    s3.send(new GetObjectLockConfigurationCommand({ Bucket: account.bucketName() })),
  "see whether the bucket keeps versions": ({ s3 }, account) =>
    s3.send(new GetBucketVersioningCommand({ Bucket: account.bucketName() })),
  "sign a message that is no digest": sign({ MessageType: "RAW" }),
};

/** Attempts on the archive that only archive may make. */
export const USES_OF_THE_ARCHIVE: Attempts = {
  "store a seal": put(SEAL),
  "store a part": put(PART),
  "read a seal": get(SEAL),
  "list the archive": ({ s3 }, account) =>
    s3.send(new ListObjectsV2Command({ Bucket: account.bucketName() })),
  "sign a seal": sign(),
  "read the key that seals": ({ kms }, account) =>
    kms.send(new GetPublicKeyCommand({ KeyId: account.keyId() })),
};

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import {
  type ChecksumAlgorithm,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { awsFile } from "../../../../aws-cli/shared.ts";
import { credential, REGION } from "../iam-world.ts";
import { ARCHIVE, admin, PLAIN, type S3World, s3World, TRIAL, writer } from "./s3-world.ts";

const run = promisify(execFile);

let world: S3World;
let client: S3Client;
beforeAll(async () => {
  world = await s3World();
  client = world.client();
});
afterAll(() => world.close());

const put = (Key: string, Body: PutObjectCommandInput["Body"] = "x", more = {}) =>
  client.send(new PutObjectCommand({ Bucket: TRIAL, Key, Body, ...more }));
const get = async (Key: string, more = {}) => {
  const answer = await client.send(new GetObjectCommand({ Bucket: TRIAL, Key, ...more }));
  return { ...answer, text: await answer.Body?.transformToString() };
};

describe("an object", () => {
  it("An object comes back as it was put, with its type and metadata", async () => {
    const putAnswer = await put("day/2026-11-24.ndjson", "one\ntwo", {
      ContentType: "application/x-ndjson",
      ContentEncoding: "gzip",
      Metadata: { head: "abc" },
    });
    const answer = await get("day/2026-11-24.ndjson");
    expect(answer).toMatchObject({
      text: "one\ntwo",
      ContentType: "application/x-ndjson",
      ContentEncoding: "gzip",
      ContentLength: 7,
      Metadata: { head: "abc" },
      ETag: `"${createHash("md5").update("one\ntwo").digest("hex")}"`,
      VersionId: putAnswer.VersionId,
    });
    expect(answer.LastModified).toBeInstanceOf(Date);
    expect(putAnswer.VersionId).toMatch(/^[\w-]{32}$/);
  });

  it("An object keeps a key with any characters", async () => {
    const Key = "a b/ü+%/~!*'()&=?#.txt";
    await put(Key, "here");
    expect((await get(Key)).text).toBe("here");
  });

  it("An object may be large and binary", async () => {
    const bytes = Buffer.alloc(3 * 1024 * 1024, 7);
    await put("large", bytes);
    const answer = await client.send(new GetObjectCommand({ Bucket: TRIAL, Key: "large" }));
    expect(Buffer.from((await answer.Body?.transformToByteArray()) ?? [])).toEqual(bytes);
  });

  it("An object may be sent as a stream, with its checksum behind it", async () => {
    // A stream cannot be sent again over a connection that is closed just then, so it has its own.
    await world.client().send(
      new PutObjectCommand({
        Bucket: TRIAL,
        Key: "stream",
        ContentLength: 8,
        Body: Readable.from([Buffer.from("one, "), Buffer.from("two")]),
      }),
    );
    const answer = await get("stream", { ChecksumMode: "ENABLED" });
    expect(answer).toMatchObject({ text: "one, two", ChecksumCRC32: expect.any(String) });
    expect(answer.ContentEncoding).toBeUndefined();
  });

  it.each<ChecksumAlgorithm>(["SHA256", "SHA1", "CRC32", "CRC32C"])(
    "is checked against its %s",
    async (ChecksumAlgorithm) => {
      await put("checked", "text", { ChecksumAlgorithm });
      const answer = await get("checked", { ChecksumMode: "ENABLED" });
      expect(answer).toMatchObject({ [`Checksum${ChecksumAlgorithm}`]: expect.any(String) });
    },
  );

  it.each([
    ["CRC32", "y/Q5Jg=="],
    ["CRC32C", "4waSgw=="],
    ["CRC64NVME", "rosUhgp5mIg="],
    ["SHA1", "98O8HYCOBHMq32eZZczDTKeuNEE="],
    ["SHA256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="],
  ])("An object of the digits 1 to 9 has the published %s", async (name, value) => {
    await put("digits", "123456789", { [`Checksum${name}`]: value });
    const wrong = put("digits", "12345678", { [`Checksum${name}`]: value });
    await expect(wrong).rejects.toMatchObject({ name: "BadDigest" });
  });

  it("An object whose MD5 differs from its header is refused", async () => {
    await expect(
      put("md5", "text", { ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" }),
    ).rejects.toMatchObject({ name: "BadDigest" });
  });

  it("HeadObject answers without a body", async () => {
    await put("head", "12345");
    const head = await client.send(new HeadObjectCommand({ Bucket: TRIAL, Key: "head" }));
    expect(head.ContentLength).toBe(5);
    await expect(
      client.send(new HeadObjectCommand({ Bucket: TRIAL, Key: "none" })),
    ).rejects.toMatchObject({ name: "NotFound" });
  });

  it("An object is written once with If-None-Match, and again once it is deleted", async () => {
    const once = () => put("once", "first", { IfNoneMatch: "*" });
    await once();
    await expect(once()).rejects.toMatchObject({
      name: "PreconditionFailed",
      $metadata: { httpStatusCode: 412 },
    });
    await client.send(new DeleteObjectCommand({ Bucket: TRIAL, Key: "once" }));
    await expect(once()).resolves.toBeDefined();
  });

  it("A deleted object has a delete marker on top, and its versions stay", async () => {
    const { VersionId } = await put("gone", "still here");
    const deleted = await client.send(new DeleteObjectCommand({ Bucket: TRIAL, Key: "gone" }));
    expect(deleted).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) });
    await expect(get("gone")).rejects.toMatchObject({ name: "NoSuchKey" });
    await expect(get("gone", { VersionId: deleted.VersionId })).rejects.toMatchObject({
      name: "MethodNotAllowed",
    });
    expect((await get("gone", { VersionId })).text).toBe("still here");
    await client.send(
      new DeleteObjectCommand({ Bucket: TRIAL, Key: "gone", VersionId: deleted.VersionId }),
    );
    expect((await get("gone")).text).toBe("still here");
  });

  it("An object is replaced in a bucket without versioning", async () => {
    const object = { Bucket: PLAIN, Key: "k" };
    await client.send(new PutObjectCommand({ ...object, Body: "1" }));
    const second = await client.send(new PutObjectCommand({ ...object, Body: "2" }));
    expect(second.VersionId).toBeUndefined();
    const answer = await client.send(new GetObjectCommand(object));
    expect(await answer.Body?.transformToString()).toBe("2");
    await client.send(new DeleteObjectCommand(object));
    await expect(client.send(new GetObjectCommand(object))).rejects.toMatchObject({
      name: "NoSuchKey",
    });
  });

  it.each([
    ["NoSuchKey", { Key: "none" }],
    ["NoSuchVersion", { Key: "head", VersionId: "none" }],
    ["NoSuchBucket", { Bucket: "nowhere", Key: "head" }],
    ["NoSuchKey", { Key: "constructor" }],
  ])("A missing object answers %s to %j", async (name, input) => {
    await put("head", "1");
    await expect(
      client.send(new GetObjectCommand({ Bucket: TRIAL, ...input })),
    ).rejects.toMatchObject({ name });
  });
});

describe("a list of objects", () => {
  const keys = ["b", "a/2", "a/1", "a/3", "ä", "Z"];
  beforeAll(async () => {
    for (const Key of keys)
      await client.send(new PutObjectCommand({ Bucket: ARCHIVE, Key, Body: Key }));
    await client.send(new DeleteObjectCommand({ Bucket: ARCHIVE, Key: "a/3" }));
  });
  const list = (more = {}) => client.send(new ListObjectsV2Command({ Bucket: ARCHIVE, ...more }));
  const namesIn = ({ Contents = [] }: Awaited<ReturnType<typeof list>>) =>
    Contents.map(({ Key }) => Key);

  it("A list is in the order of bytes, without what a delete marker hides", async () => {
    const answer = await list();
    expect(namesIn(answer)).toEqual(["Z", "a/1", "a/2", "b", "ä"]);
    expect(answer).toMatchObject({ KeyCount: 5, IsTruncated: false });
    expect(answer.Contents?.[1]).toMatchObject({ Size: 3, ETag: expect.stringMatching(/^"/) });
  });

  it("A list of objects comes in pages", async () => {
    const pages = [];
    for await (const page of paginateListObjectsV2({ client, pageSize: 2 }, { Bucket: ARCHIVE }))
      pages.push(namesIn(page));
    expect(pages).toEqual([["Z", "a/1"], ["a/2", "b"], ["ä"]]);
  });

  it("A list of objects takes a prefix, a delimiter and a start", async () => {
    expect(namesIn(await list({ Prefix: "a/" }))).toEqual(["a/1", "a/2"]);
    expect(namesIn(await list({ StartAfter: "a/2" }))).toEqual(["b", "ä"]);
    const answer = await list({ Delimiter: "/" });
    expect(namesIn(answer)).toEqual(["Z", "b", "ä"]);
    expect(answer.CommonPrefixes).toEqual([{ Prefix: "a/" }]);
    const first = await list({ Delimiter: "/", MaxKeys: 2 });
    const rest = await list({ Delimiter: "/", ContinuationToken: first.NextContinuationToken });
    expect(namesIn(rest)).toEqual(["b", "ä"]);
  });

  it("A list of objects refuses a token that no list answered", async () => {
    await expect(list({ ContinuationToken: "bm9uZQ==" })).rejects.toMatchObject({
      name: "InvalidArgument",
    });
  });
});

describe("calls that are not allowed or not emulated", () => {
  it("IAM refuses a call that no policy allows, and hides whether a key exists", async () => {
    const of = world.client(writer);
    await expect(of.send(new ListObjectsV2Command({ Bucket: TRIAL }))).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining("s3:ListBucket"),
    });
    // A caller who may not list does not learn that a key is missing.
    await expect(
      of.send(new GetObjectCommand({ Bucket: TRIAL, Key: "none" })),
    ).rejects.toMatchObject({ name: "AccessDenied" });
  });

  it("The bucket's policy refuses a put without If-None-Match", async () => {
    const object = { Bucket: "guarded", Key: "k", Body: "1" };
    await expect(client.send(new PutObjectCommand(object))).rejects.toMatchObject({
      name: "AccessDenied",
    });
    await expect(
      client.send(new PutObjectCommand({ ...object, IfNoneMatch: "*" })),
    ).resolves.toBeDefined();
  });

  it.each([
    ["x-amz-acl", { ACL: "public-read" }],
    ["x-amz-server-side-encryption", { ServerSideEncryption: "aws:kms" }],
    ["x-amz-storage-class", { StorageClass: "GLACIER" }],
    ["x-amz-object-lock-legal-hold", { ObjectLockLegalHoldStatus: "ON" }],
    ["If-None-Match", { IfNoneMatch: '"etag"' }],
  ])("The header %s, which is not emulated, is refused by name", async (name, more) => {
    await expect(put("k", "1", more)).rejects.toMatchObject({
      name: "NotImplemented",
      message: expect.stringContaining(name),
    });
  });

  it("An operation that is not emulated is refused by name", async () => {
    await expect(client.send(new ListBucketsCommand({}))).rejects.toThrow("s3:ListBuckets");
    await expect(client.send(new GetObjectAclCommand({ Bucket: TRIAL, Key: "k" }))).rejects.toThrow(
      "'acl'",
    );
    await expect(get("head", { Range: "bytes=0-1" })).rejects.toMatchObject({
      name: "NotImplemented",
    });
  });

  it("An unknown access key is answered as InvalidAccessKeyId", async () => {
    const stranger = world.client(admin, {
      credentials: { accessKeyId: "ASIAUNKNOWN", secretAccessKey: "x" },
    });
    await expect(stranger.send(new ListObjectsV2Command({ Bucket: TRIAL }))).rejects.toMatchObject({
      name: "InvalidAccessKeyId",
    });
  });
});

describe("addressing", () => {
  it("S3 takes the bucket from the host as well", async () => {
    const virtual = world.client(admin, {
      endpoint: world.url.replace("127.0.0.1", "localhost"),
      forcePathStyle: false,
      requestHandler: {
        // The name of a bucket below localhost has no address on every machine.
        httpAgent: new Agent({
          lookup: (name, _options, found) => {
            expect(name).toBe(`${TRIAL}.localhost`);
            found(null, [{ address: "127.0.0.1", family: 4 }]);
          },
        }),
      },
    });
    await put("virtual", "host");
    const answer = await virtual.send(new GetObjectCommand({ Bucket: TRIAL, Key: "virtual" }));
    expect(await answer.Body?.transformToString()).toBe("host");
  });

  it("HeadBucket answers whether a bucket exists", async () => {
    await expect(client.send(new HeadBucketCommand({ Bucket: TRIAL }))).resolves.toBeDefined();
    const versioning = (Bucket: string) => client.send(new GetBucketVersioningCommand({ Bucket }));
    expect((await versioning(TRIAL)).Status).toBe("Enabled");
    expect((await versioning(PLAIN)).Status).toBeUndefined();
  });
});

it("the AWS CLI puts an object", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "s3-"));
  const { accessKeyId, secretAccessKey, sessionToken = "" } = credential(admin);
  writeFileSync(path.join(dir, "in"), "from the command line");
  const object = ["--bucket", TRIAL, "--key", "cli/file", "--body", path.join(dir, "in")];
  await run(
    await awsFile(),
    ["s3api", "put-object", "--region", REGION, "--endpoint-url", world.url, ...object],
    {
      env: {
        PATH: process.env["PATH"],
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
      },
    },
  );
  expect((await get("cli/file")).text).toBe("from the command line");
});

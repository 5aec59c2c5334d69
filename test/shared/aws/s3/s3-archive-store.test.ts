import { gzipSync } from "node:zlib";
import { GetObjectRetentionCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collected } from "../../../../lab/fakes/collected.ts";
import { s3ArchiveStore } from "../../../../shared/aws/s3/s3-archive-store.ts";
import {
  ArchiveConflict,
  ArchiveUnreadable,
  LONGEST_LINE,
} from "../../../../shared/ports/archive-store.ts";
import { archiveStoreContract } from "../../../contracts/archive-store.contract.ts";
import { ARCHIVE, type S3World, s3World } from "../../../lab/sandbox/aws/s3/s3-world.ts";

let world: S3World;
beforeAll(async () => {
  world = await s3World();
});
afterAll(() => world.close());

archiveStoreContract("s3ArchiveStore", async () => {
  const own = await s3World();
  return s3ArchiveStore(own.client(), ARCHIVE);
});

describe("s3ArchiveStore", () => {
  it("The archive store writes with a checksum, under the bucket's own retention", async () => {
    const client = world.client();
    await s3ArchiveStore(client, ARCHIVE).put("seals/1.json", ["{}"]);
    const at = { Bucket: ARCHIVE, Key: "seals/1.json" };
    expect(
      await client.send(new HeadObjectCommand({ ...at, ChecksumMode: "ENABLED" })),
    ).toMatchObject({ ChecksumSHA256: expect.any(String) });
    expect(await client.send(new GetObjectRetentionCommand(at))).toMatchObject({
      Retention: { Mode: "COMPLIANCE" },
    });
  });

  it("The archive store lists more keys than one page of S3 has", async () => {
    const store = s3ArchiveStore(world.client(), ARCHIVE);
    const keys = Array.from({ length: 1_002 }, (_, at) => `many/${at}`);
    await Promise.all(keys.map((key) => store.put(key, [])));
    expect(await store.list("many/")).toHaveLength(1_002);
  });

  it.each([
    ["that is not compressed", "damaged.gz", () => "not compressed"],
    ["that is cut off", "cut.gz", () => gzipSync('{"a":1}\n'.repeat(9)).subarray(0, 20)],
    ["with an endless line", "endless.gz", () => gzipSync("x".repeat(LONGEST_LINE + 1))],
    [
      "with a line that is too long",
      "long.gz",
      () => gzipSync(`${"x".repeat(LONGEST_LINE + 1)}\n`),
    ],
  ])("An object %s is unreadable, and no line behind the fault is given", async (_, Key, body) => {
    const store = s3ArchiveStore(world.client(), ARCHIVE);
    await world.client().send(new PutObjectCommand({ Bucket: ARCHIVE, Key, Body: body() }));
    await expect(collected(await store.read(Key))).rejects.toThrow(ArchiveUnreadable);
    await expect(store.put(Key, ["{}"])).rejects.toThrow(ArchiveConflict);
  });
});

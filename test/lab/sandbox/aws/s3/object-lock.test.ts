import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  type ObjectLockMode,
  type ObjectLockRetentionMode,
  PutObjectCommand,
  PutObjectRetentionCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ARCHIVE, admin, HOUR_MS, type S3World, s3World, TRIAL, writer } from "./s3-world.ts";

let world: S3World;
let client: S3Client;
beforeAll(async () => {
  world = await s3World();
  client = world.client();
});
beforeEach(() => {
  world.clock.aheadMs = 0;
});
afterAll(() => world.close());

const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS);
const put = (Key: string, mode?: ObjectLockMode, until?: Date, Bucket = TRIAL) =>
  client.send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body: "sealed",
      ...(mode === undefined ? {} : { ObjectLockMode: mode }),
      ...(until === undefined ? {} : { ObjectLockRetainUntilDate: until }),
    }),
  );
const remove = (Key: string, VersionId: string | undefined, bypass = false, of = client) =>
  of.send(
    new DeleteObjectCommand({
      Bucket: TRIAL,
      Key,
      VersionId,
      ...(bypass ? { BypassGovernanceRetention: true } : {}),
    }),
  );
const retain = (Key: string, Mode: ObjectLockRetentionMode, until: Date, bypass = false) =>
  client.send(
    new PutObjectRetentionCommand({
      Bucket: TRIAL,
      Key,
      Retention: { Mode, RetainUntilDate: until },
      ...(bypass ? { BypassGovernanceRetention: true } : {}),
    }),
  );
const retentionOf = async (Key: string, Bucket = TRIAL) =>
  (await client.send(new GetObjectRetentionCommand({ Bucket, Key }))).Retention;

const LOCKED = {
  name: "AccessDenied",
  message: "Access Denied because object protected by object lock.",
};

describe("a locked version", () => {
  it("Nobody deletes a version in compliance before its time; who may delete can after it", async () => {
    const { VersionId } = await put("seal", "COMPLIANCE", inHours(2));
    await expect(remove("seal", VersionId)).rejects.toMatchObject(LOCKED);
    await expect(remove("seal", VersionId, true)).rejects.toMatchObject(LOCKED);
    world.clock.aheadMs = 3 * HOUR_MS;
    await expect(remove("seal", VersionId)).resolves.toBeDefined();
  });

  it("A version in governance is deleted only by a caller that may bypass it, and does", async () => {
    const { VersionId } = await put("trial", "GOVERNANCE", inHours(2));
    await expect(remove("trial", VersionId)).rejects.toMatchObject(LOCKED);
    await expect(remove("trial", VersionId, true, world.client(writer))).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining("s3:DeleteObjectVersion"),
    });
    await expect(remove("trial", VersionId, true)).resolves.toBeDefined();
  });

  it("A locked version stays below a delete marker, and below another version", async () => {
    const { VersionId } = await put("kept", "COMPLIANCE", inHours(2));
    await put("kept");
    await remove("kept", undefined);
    const answer = await client.send(
      new GetObjectCommand({ Bucket: TRIAL, Key: "kept", VersionId }),
    );
    expect(await answer.Body?.transformToString()).toBe("sealed");
    expect(answer.ObjectLockMode).toBe("COMPLIANCE");
  });

  it("A locked version stays locked when the bucket is declared again", async () => {
    const { VersionId } = await put("again", "COMPLIANCE", inHours(2));
    world.redeclare();
    await expect(remove("again", VersionId)).rejects.toMatchObject(LOCKED);
  });
});

describe("retention", () => {
  it("Retention comes from the bucket where the object says nothing", async () => {
    await put("day", undefined, undefined, ARCHIVE);
    const retention = await retentionOf("day", ARCHIVE);
    expect(retention?.Mode).toBe("COMPLIANCE");
    const days = ((retention?.RetainUntilDate?.getTime() ?? 0) - Date.now()) / (24 * HOUR_MS);
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThanOrEqual(30);
  });

  it("Retention in compliance becomes longer, never shorter and never governance", async () => {
    await put("long", "COMPLIANCE", inHours(2));
    await expect(retain("long", "COMPLIANCE", inHours(3))).resolves.toBeDefined();
    await expect(retain("long", "COMPLIANCE", inHours(1), true)).rejects.toMatchObject(LOCKED);
    await expect(retain("long", "GOVERNANCE", inHours(9), true)).rejects.toMatchObject(LOCKED);
    expect((await retentionOf("long"))?.RetainUntilDate?.getTime()).toBeGreaterThan(
      inHours(2.9).getTime(),
    );
  });

  it("Retention in governance becomes shorter for a caller that bypasses it", async () => {
    await put("short", "GOVERNANCE", inHours(2));
    await expect(retain("short", "GOVERNANCE", inHours(1))).rejects.toMatchObject(LOCKED);
    await expect(retain("short", "GOVERNANCE", inHours(1), true)).resolves.toBeDefined();
  });

  it("An object has no retention where none was given", async () => {
    await put("free");
    await expect(retentionOf("free")).rejects.toMatchObject({
      name: "NoSuchObjectLockConfiguration",
    });
  });

  it("Retention is shown only to callers that may read it", async () => {
    await put("shown", "COMPLIANCE", inHours(2));
    const answer = await world
      .client(writer)
      .send(new GetObjectCommand({ Bucket: TRIAL, Key: "shown" }));
    expect(answer.ObjectLockMode).toBeUndefined();
  });

  it.each<[string, ObjectLockMode | undefined, number | undefined]>([
    ["InvalidArgument", "COMPLIANCE", undefined],
    ["InvalidArgument", undefined, 2],
    ["InvalidArgument", "COMPLIANCE", -1],
    ["InvalidArgument", "OTHER" as ObjectLockMode, 2],
  ])("Retention answers %s to mode %s for %s hours", async (name, mode, hours) => {
    const until = hours === undefined ? undefined : inHours(hours);
    await expect(put("wrong", mode, until)).rejects.toMatchObject({ name });
  });

  it("Retention needs a bucket that locks objects", async () => {
    await expect(put("k", "COMPLIANCE", inHours(2), "versioned")).rejects.toMatchObject({
      name: "InvalidRequest",
      message: "Bucket is missing Object Lock Configuration",
    });
  });

  it("Retention needs a checksum or an MD5 of the object", async () => {
    const bare = world.client(admin, { requestChecksumCalculation: "WHEN_REQUIRED" });
    const withoutChecksum = bare.send(
      new PutObjectCommand({ Bucket: ARCHIVE, Key: "bare", Body: "1" }),
    );
    await expect(withoutChecksum).rejects.toMatchObject({ name: "InvalidRequest" });
  });

  it("GetObjectLockConfiguration answers the bucket's retention", async () => {
    const configuration = async (Bucket: string) =>
      (await client.send(new GetObjectLockConfigurationCommand({ Bucket })))
        .ObjectLockConfiguration;
    expect(await configuration(ARCHIVE)).toEqual({
      ObjectLockEnabled: "Enabled",
      Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 30 } },
    });
    await expect(configuration("versioned")).rejects.toMatchObject({
      name: "ObjectLockConfigurationNotFoundError",
    });
  });
});

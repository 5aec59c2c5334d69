/** Buckets that a caller makes without a template. */
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT } from "../iam-world.ts";
import { ARCHIVE, type S3World, s3World, writer } from "./s3-world.ts";

const Bucket = "made-by-hand";

let world: S3World;
let client: S3Client;
beforeAll(async () => {
  world = await s3World();
  client = world.client();
});
afterAll(() => world.close());

const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: Error) => error.name,
  );

describe("A bucket that a caller makes", () => {
  it("It is of the caller's account, takes objects, and goes once it is empty", async () => {
    await client.send(new CreateBucketCommand({ Bucket }));
    expect(world.s3.state.buckets[Bucket]?.account).toBe(ACCOUNT);
    await client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "x" }));
    expect(await codeOf(client.send(new DeleteBucketCommand({ Bucket })))).toBe("BucketNotEmpty");
    await client.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    await client.send(new DeleteBucketCommand({ Bucket }));
    expect(await codeOf(client.send(new HeadBucketCommand({ Bucket })))).toBe("NotFound");
  });

  it("A name that is taken, another region and a name that is none are refused", async () => {
    const make = (name: string, LocationConstraint: "us-west-2" | "eu-west-1" = "us-west-2") =>
      codeOf(
        client.send(
          new CreateBucketCommand({
            Bucket: name,
            CreateBucketConfiguration: { LocationConstraint },
          }),
        ),
      );
    expect(await make(ARCHIVE)).toBe("BucketAlreadyOwnedByYou");
    expect(await make("elsewhere", "eu-west-1")).toBe("IllegalLocationConstraintException");
    expect(await make("Upper-Case")).toBe("InvalidBucketName");
  });

  it("A caller without the right makes and deletes no bucket", async () => {
    const other = world.client(writer);
    const made = other.send(new CreateBucketCommand({ Bucket: "others" }));
    expect(await codeOf(made)).toBe("AccessDenied");
    const gone = other.send(new DeleteBucketCommand({ Bucket: ARCHIVE }));
    expect(await codeOf(gone)).toBe("AccessDenied");
  });
});

import { pipeline, Readable } from "node:stream";
import { createGunzip, gzipSync } from "node:zlib";
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import {
  ArchiveConflict,
  type ArchiveStore,
  ArchiveUnreadable,
  LONGEST_LINE,
} from "../../ports/archive-store.ts";

/** RFC 9110: what S3 answers where `If-None-Match: *` finds an object. */
const PRECONDITION_FAILED = 412;

/** A bucket with Object Lock, which refuses a second object under a key. */
export function s3ArchiveStore(client: S3Client, bucket: string): ArchiveStore {
  const read = async (key: string) => {
    const Body = await bodyOf(client, bucket, key);
    return Body && linesOf(key, Body);
  };
  return {
    read,
    async put(key, lines) {
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: bytesOf(key, lines),
            // Object Lock demands a checksum.
            ChecksumAlgorithm: "SHA256",
            IfNoneMatch: "*",
          }),
        );
      } catch (error) {
        if (!isTaken(error)) throw error;
        // It may be our own: an attempt of the client whose answer was lost.
        if (!(await isSame((await read(key)) ?? [], lines))) throw new ArchiveConflict(key);
      }
    },
    async list(prefix, after) {
      const keys: string[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            ...(after === undefined ? {} : { StartAfter: after }),
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        );
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return keys;
    },
  };
}

const isCompressed = (key: string) => key.endsWith(".gz");

function bytesOf(key: string, lines: readonly string[]): Uint8Array {
  const text = Buffer.from(lines.map((line) => `${line}\n`).join(""));
  return isCompressed(key) ? gzipSync(text) : text;
}

async function bodyOf(client: S3Client, Bucket: string, Key: string) {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    if (!(Body instanceof Readable)) throw new Error(`S3 answered no body for ${Key}.`);
    return Body;
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** @throws ArchiveUnreadable */
async function* linesOf(key: string, body: Readable): AsyncGenerator<string> {
  try {
    for await (const line of linesIn(key, body)) {
      if (line.length > LONGEST_LINE) throw new ArchiveUnreadable(key);
      yield line;
    }
  } catch (error) {
    throw isOfZlib(error) ? new ArchiveUnreadable(key, error) : error;
  }
}

/** Not by `readline`, which also breaks lines at U+2028, a character that JSON leaves as it is. */
async function* linesIn(key: string, body: Readable): AsyncGenerator<string> {
  // An error of the connection destroys the last stream too, and the reading ends with it.
  const bytes = isCompressed(key) ? pipeline(body, createGunzip(), () => undefined) : body;
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of bytes) {
    const lines = `${rest}${decoder.decode(chunk as Uint8Array, { stream: true })}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
    // A few bytes may be a line that no memory holds.
    if (rest.length > LONGEST_LINE) throw new ArchiveUnreadable(key);
  }
  if (rest !== "") yield rest;
}

/** Such as `Z_DATA_ERROR`, and `Z_BUF_ERROR` for an object that is cut off. */
const isOfZlib = (error: unknown): boolean =>
  error instanceof Error && "code" in error && String(error.code).startsWith("Z_");

async function isSame(found: AsyncIterable<string> | [], wanted: readonly string[]) {
  let at = 0;
  try {
    for await (const line of found) if (line !== wanted[at++]) return false;
  } catch (error) {
    if (error instanceof ArchiveUnreadable) return false;
    throw error;
  }
  return at === wanted.length;
}

const isTaken = (error: unknown) =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === PRECONDITION_FAILED;

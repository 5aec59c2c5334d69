/** Files that somebody else wrote, in bounded memory: each may be larger than it looks. */
import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";

const MEBIBYTE = 1024 * 1024;

/** Larger than any seal or policy: a seal of 100,000 chains that changed in its day has 20 MB. */
export const LARGEST_DOCUMENT = 32 * MEBIBYTE;
/** A key or a checkpoint has less than 1 KB. */
export const LARGEST_NOTE = MEBIBYTE / 16;
const READ_AT_ONCE = MEBIBYTE / 16;

/** @throws as `wholeOf` */
export const textOf = (file: string, most = LARGEST_DOCUMENT): string =>
  wholeOf(file, most).toString("utf8");

/** @throws Error of the file system, with the path; `EFBIG` for a file of more than `most` bytes */
export function wholeOf(file: string, most: number): Buffer {
  const opened = openSync(file, "r");
  try {
    const parts: Buffer[] = [];
    const part = Buffer.allocUnsafeSlow(READ_AT_ONCE);
    // The size that the file system names may be 0, or grow.
    for (let length = 0; length <= most; ) {
      const read = readSync(opened, part);
      if (read === 0) return Buffer.concat(parts, length);
      parts.push(Buffer.from(part.subarray(0, read)));
      length += read;
    }
    throw tooLarge(`it has more than ${most} bytes, so the rest of it was not read`);
  } catch (error) {
    throw named(error, file);
  } finally {
    closeSync(opened);
  }
}

/** No archive, trail or export is this much smaller when it is compressed: 20 times is much. */
const MOST_GROWTH = 100;
/** So much may come of any file. An object of the archive has less than 60 MB. */
const ALWAYS_READ = 64 * MEBIBYTE;

/**
 * The bytes of a file, those of `.gz` not compressed.
 *
 * @throws Error of the file system or of zlib, with the path; `EFBIG` for a file that grows without end
 */
export async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  const stream = createReadStream(file, { highWaterMark: bufferSize(file) });
  const chunks = file.endsWith(".gz") ? pipeline(stream, createGunzip(), () => undefined) : stream;
  let length = 0;
  try {
    for await (const chunk of chunks) {
      length += chunk.length;
      if (length > Math.max(ALWAYS_READ, MOST_GROWTH * stream.bytesRead))
        throw tooLarge(
          `it grows to more than ${MOST_GROWTH} times its size, so it was not read beyond ${length} bytes`,
        );
      yield chunk;
    }
  } catch (error) {
    throw named(error, file);
  }
}

/**
 * An archive has thousands of small files. A buffer of a mebibyte for each would have the memory searched for garbage
 * every few dozen files.
 */
function bufferSize(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return Math.min(MEBIBYTE, Math.max(READ_AT_ONCE, size));
}

const tooLarge = (words: string) =>
  Object.assign(new Error(words), { code: "EFBIG", syscall: "read" });

/** Some errors of the file system, and all of zlib, do not name the file. */
const named = (error: unknown, path: string): unknown =>
  error instanceof Error && "code" in error && !("path" in error)
    ? Object.assign(error, { path })
    : error;

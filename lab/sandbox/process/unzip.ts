/** Reads zip files, as far as they carry a function's code. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inflateRawSync } from "node:zlib";

/** https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3 */
const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_HEADER_BYTES = 30;
const INFLATE: Readonly<Record<number, (bytes: Buffer) => Buffer>> = {
  0: (bytes) => bytes,
  8: (bytes) => inflateRawSync(bytes),
};
/** Names of files that would leave the folder. */
const OUTSIDE = /^\/|^[a-zA-Z]:|(^|[\\/])\.\.([\\/]|$)/;

interface ZippedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * Unpacks a zip file into a folder, which appears once it is whole.
 * @throws Error for bytes that are no zip file, and for a file that would be outside of the folder
 */
export function unzipInto(folder: string, zip: Buffer): void {
  const files = zippedFiles(zip);
  const beside = `${folder}.new`;
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(beside, { recursive: true });
  for (const { name, bytes } of files) {
    const file = path.join(beside, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  renameSync(beside, folder);
}

/** The files of a zip file, without its folders. @throws Error as `unzipInto` does */
function zippedFiles(zip: Buffer): readonly ZippedFile[] {
  const end = endOfDirectory(zip);
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  const files: ZippedFile[] = [];
  for (let index = 0; index < count; index += 1) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) throw notAZip();
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString("utf8", at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength);
    if (OUTSIDE.test(name)) throw new Error(`The zip file has ${name}, outside of its folder.`);
    if (!name.endsWith("/")) files.push({ name, bytes: contentOf(zip, at) });
    at += ENTRY_BYTES + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

/** A comment may follow it, so it is looked for from the end. */
function endOfDirectory(zip: Buffer): number {
  for (let at = zip.length - END_BYTES; at >= 0; at -= 1)
    if (zip.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  throw notAZip();
}

/** The directory has the sizes, which a local header may leave open. */
function contentOf(zip: Buffer, entry: number): Buffer {
  const inflate = INFLATE[zip.readUInt16LE(entry + 10)];
  if (inflate === undefined)
    throw new Error("The zip file is packed in a way that Lambda does not read.");
  const local = zip.readUInt32LE(entry + 42);
  const start =
    local + LOCAL_HEADER_BYTES + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  return inflate(zip.subarray(start, start + zip.readUInt32LE(entry + 20)));
}

const notAZip = () =>
  new Error("Could not unzip uploaded file. Please check your file, then try to upload again.");

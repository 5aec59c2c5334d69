/**
 * Zip files that are the same bytes wherever they are made: sorted names, one instant, and nothing is compressed, since
 * releases of zlib differ. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { crc32 } from "node:zlib";

interface ZippedFile {
  /** With folders, parted by `/`. */
  readonly name: string;
  readonly content: Buffer;
}

/** 1980-01-01, the first day that a zip file can name. */
const DATE = 0x0021;
const VERSION = 20;
/** Made on Unix, so that the mode counts. */
const MADE_BY = 0x0300 + VERSION;
/** A file that everyone may read: Lambda's own user does. */
const MODE = 0o100644 * 0x10000;
/** The names are UTF-8. */
const FLAGS = 0x0800;

/** @param files of less than 4 GB together, in any order */
export function storedZip(files: readonly ZippedFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const named = Buffer.from(name);
    const facts = numbers(
      ...[u16(VERSION), u16(FLAGS), u16(0), u16(0), u16(DATE), u32(crc32(content))],
      ...[u32(content.length), u32(content.length), u16(named.length), u16(0)],
    );
    parts.push(numbers(u32(0x04034b50)), facts, named, content);
    const attributes = numbers(u16(0), u16(0), u16(0), u32(MODE), u32(offset));
    directory.push(numbers(u32(0x02014b50), u16(MADE_BY)), facts, attributes, named);
    offset += 4 + facts.length + named.length + content.length;
  }
  const central = Buffer.concat(directory);
  const count = u16(files.length);
  const sizes = [u32(central.length), u32(offset), u16(0)];
  const end = numbers(u32(0x06054b50), u16(0), u16(0), count, count, ...sizes);
  return Buffer.concat([...parts, central, end]);
}

type Field = readonly [bytes: 2 | 4, value: number];

const u16 = (value: number): Field => [2, value];
const u32 = (value: number): Field => [4, value];

/** Little-endian. */
function numbers(...fields: readonly Field[]): Buffer {
  const buffer = Buffer.alloc(fields.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of fields) at = buffer.writeUIntLE(value, at, bytes);
  return buffer;
}

/** Writes zip files as clients upload them: the sizes stand behind each file's bytes, not before. */
import { crc32, deflateRawSync } from "node:zlib";

/** By name, the text of each file; each other one is stored without compression. */
export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [index, [name, text]] of Object.entries(files).entries()) {
    const content = Buffer.from(text);
    const method = index % 2 === 0 ? 8 : 0;
    const packed = method === 8 ? deflateRawSync(content) : content;
    const sizes = numbers([4, crc32(content)], [4, packed.length], [4, content.length]);
    const named = Buffer.from(name);
    const common = numbers([2, 20], [2, 8], [2, method], [4, 0]);
    const local = Buffer.concat([
      ...[numbers([4, 0x04034b50]), common, Buffer.alloc(12), numbers([2, named.length], [2, 0])],
      ...[named, packed, numbers([4, 0x08074b50]), sizes],
    ]);
    directory.push(
      Buffer.concat([
        ...[numbers([4, 0x02014b50], [2, 20]), common, sizes, numbers([2, named.length])],
        ...[Buffer.alloc(12), numbers([4, offset]), named],
      ]),
    );
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const count = directory.length;
  const end = numbers([4, 0x06054b50], [4, 0], [2, count], [2, count], [4, central.length]);
  return Buffer.concat([...parts, central, end, numbers([4, offset], [2, 0])]);
}

/** Little-endian numbers of two or four bytes. */
function numbers(...given: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer {
  return Buffer.concat(
    given.map(([bytes, value]) => {
      const buffer = Buffer.alloc(bytes);
      buffer.writeUIntLE(value, 0, bytes);
      return buffer;
    }),
  );
}

/** Writes that are whole or an error: a short write, as on a full disk, is not success. */
import { fstatSync, write } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { promisify } from "node:util";

const STANDARD_OUTPUT = 1;

type WriteSome = (bytes: Buffer, from: number) => Promise<{ readonly bytesWritten: number }>;

/** Writes until all bytes are written. @throws Error of the file system */
export async function writeWhole(writeSome: WriteSome, bytes: Buffer): Promise<void> {
  for (let from = 0; from < bytes.length; ) {
    const { bytesWritten } = await writeSome(bytes, from);
    if (bytesWritten === 0) throw new Error("The file system took nothing and gave no reason");
    from += bytesWritten;
  }
}

/** Appends to a file at its position. */
export const appendTo = (file: Pick<FileHandle, "write">, bytes: Buffer): Promise<void> =>
  writeWhole((all, from) => file.write(all, from), bytes);

const writeDescriptor = promisify(write);

/** Writes to standard output; resolves when a slow reader has room again. */
export function writeToOutput(text: string): Promise<void> {
  const { stdout } = process;
  const kind = fstatSync(STANDARD_OUTPUT);
  // Node.js writes once to a file, and does not look at how much was written.
  if (!stdout.isTTY && (kind.isFile() || kind.isCharacterDevice()))
    return writeWhole(
      (bytes, from) => writeDescriptor(STANDARD_OUTPUT, bytes, from),
      Buffer.from(text),
    );
  return new Promise((resolve) => {
    if (stdout.write(text)) resolve();
    else stdout.once("drain", resolve);
  });
}

/** Writes a file whole or not at all: beside its place, and then renamed. */
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { syncFolder } from "./write-folder.ts";
import { appendTo } from "./write-whole.ts";

const OWNER_ALONE = 0o600;
const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

/** @throws the file system's error; nothing is left then */
export async function writeFile(file: string, texts: Iterable<string>): Promise<void> {
  const partial = `${file}.${randomBytes(6).toString("hex")}.partial`;
  const handle = await open(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, OWNER_ALONE);
  try {
    for (const text of texts) await appendTo(handle, Buffer.from(text));
    await handle.sync();
    await handle.close();
    await rename(partial, file);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(partial, { force: true });
    throw error;
  }
  await syncFolder(path.dirname(file));
}

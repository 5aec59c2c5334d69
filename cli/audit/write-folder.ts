/** Writes a folder of files whole or not at all: it is filled beside its place, and then renamed. */
import { randomBytes } from "node:crypto";
import { lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { appendTo } from "./write-whole.ts";

const OWNER_ALONE = 0o600;
const OWNER_ALONE_FOLDER = 0o700;

/** Whether a folder may be put there: nothing is there, or an empty folder. */
export async function isFree(folder: string): Promise<boolean> {
  const there = await lstat(folder).catch(() => undefined);
  return there === undefined || (there.isDirectory() && (await readdir(folder)).length === 0);
}

/**
 * @param files contents by names, which may lead into folders
 * @throws the file system's error; nothing is left then
 */
export async function writeFolder(
  folder: string,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  const place = path.resolve(folder);
  const partial = `${place}.${randomBytes(6).toString("hex")}.partial`;
  await mkdir(partial, { mode: OWNER_ALONE_FOLDER });
  try {
    for (const [name, content] of files) await writeFile(path.join(partial, name), content);
    for (const inside of new Set([...files.keys()].map((name) => path.dirname(name))))
      await syncFolder(path.join(partial, inside));
    await rename(partial, place);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  await syncFolder(path.dirname(place));
}

async function writeFile(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: OWNER_ALONE_FOLDER });
  const handle = await open(file, "wx", OWNER_ALONE);
  try {
    await appendTo(handle, Buffer.from(content));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename is on the disk once its folder is; some systems do not let folders be synced. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

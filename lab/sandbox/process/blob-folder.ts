/** The bytes of S3's objects in a folder, one file each. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { BlobStore } from "../aws/s3/state.ts";

/** A file appears under its name once it is whole. */
export function blobFolder(dir: string): BlobStore {
  const fileOf = (id: string) => path.join(dir, path.basename(id));
  return {
    write(id, bytes) {
      mkdirSync(dir, { recursive: true });
      writeFileSync(`${fileOf(id)}.new`, bytes);
      renameSync(`${fileOf(id)}.new`, fileOf(id));
    },
    read: (id) => readFileSync(fileOf(id)),
    remove: (id) => rmSync(fileOf(id), { force: true }),
  };
}

import { existsSync } from "node:fs";
import path from "node:path";
import { latestVersion } from "../aws/s3/state.ts";
import { sharedCode } from "../process/code-cache.ts";
import type { SandboxState } from "../process/state.ts";
import { unzipInto } from "../process/unzip.ts";

/** The store of uploaded code. */
export type CodeStore = Pick<SandboxState, "dir" | "s3" | "blobs">;

/**
 * Answers the folder with a function's code: from S3, unzipped once, or of an assembly on this machine.
 *
 * @param local folders with code that never was in S3, by its key there
 */
export const codeFolders =
  (local: Readonly<Record<string, string>>, store?: CodeStore) =>
  (key: string, bucket: string): string => {
    const folder = local[key] ?? (store && uploaded(store, key, bucket));
    if (folder === undefined)
      throw new Error(
        `Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist: ${key} in ${bucket}.`,
      );
    return sharedCode(folder);
  };

/** An object's bytes never change, so its folder is made once. */
function uploaded({ dir, s3, blobs }: CodeStore, key: string, bucket: string): string | undefined {
  const stored = s3.state.buckets[bucket];
  const version = stored && latestVersion(stored, key);
  if (version === undefined || version.isDeleteMarker) return undefined;
  const folder = path.join(dir, "code", version.blobId);
  if (!existsSync(folder)) unzipInto(folder, blobs.read(version.blobId));
  return folder;
}
